/*
 * The list of runs: find by words, by verdict, latest only. Everything is in the table already.
 */
function startRuns() {
  themeSwitch();
  const $ = (id) => document.getElementById(id);
  const rows = [...$('rows').rows];
  const words = rows.map((row) => row.textContent.toLowerCase());
  const show = () => {
    const asked = $('find').value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, n) => {
      const fits =
        asked.every((word) => words[n].includes(word)) &&
        ($('verdict').value === '' || row.dataset.verdict === $('verdict').value) &&
        (!$('latest').checked || row.dataset.latest === 'true');
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    $('shown').textContent = `${shown} of ${rows.length}`;
  };
  for (const id of ['find', 'verdict', 'latest']) $(id).addEventListener('input', show);
  $('filters').hidden = false;
  show();
}

startRuns();
