/*
 * What the page needs beside the timeline: its data out of the document, the copy buttons and
 * the switch between light and dark.
 */
/** The data element holds columns; marks become objects here. */
function readData() {
  const element = document.getElementById('timeline-data');
  if (element === null) return null;
  const { columns, ...data } = JSON.parse(element.textContent);
  const tones = ['good', 'bad', 'doubt', 'plain'];
  const witnesses = new Set(columns.witness);
  const marks = columns.t.map((t, n) => ({
    t,
    i: columns.i[n],
    lane: columns.lane[n],
    tone: tones[columns.tone[n]],
    pay: columns.pay[n],
    who: columns.names[columns.who[n]],
    text: columns.text[n],
    cause: columns.cause[n],
    witness: witnesses.has(n),
  }));
  return { ...data, marks };
}

function copyButtons() {
  for (const button of document.querySelectorAll('[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const source = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = 'Copied';
      } catch {
        // Pages opened as files may not write to the clipboard: select the text instead.
        getSelection().selectAllChildren(source);
        button.textContent = 'Selected';
      }
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 1600);
    });
  }
}

function themeSwitch() {
  const button = document.getElementById('theme');
  const root = document.documentElement;
  const dark = () =>
    (root.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const name = () => {
    button.textContent = dark() ? 'Light' : 'Dark';
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    name();
  });
  name();
}
