/*
 * Running totals of the lanes: what had been asked, captured, delivered and credited up to an
 * instant, for all payments or for the one that is looked at.
 */
function makeTotals(totals, payment) {
  const curves = totals.metrics.map((metric) => ({ ...metric, t: [], sum: [] }));
  totals.t.forEach((t, n) => {
    if (payment >= 0 && totals.pay[n] !== payment) return;
    const curve = curves[totals.metric[n]];
    const before = curve.sum.length === 0 ? 0 : curve.sum[curve.sum.length - 1];
    curve.t.push(t);
    curve.sum.push(before + totals.by[n]);
  });
  const valueAt = (curve, t) => {
    let [low, high] = [0, curve.t.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (curve.t[middle] <= t) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : curve.sum[low - 1];
  };
  /** The words for one lane at one instant, the busiest currencies first, at most two lines. */
  return (lane, t) => {
    const own = curves.filter((curve) => curve.lane === lane && curve.t.length > 0);
    const money = own
      .filter((curve) => curve.currency !== null)
      .sort((a, b) => b.t.length - a.t.length)
      .map((curve) => `${curve.name} ${moneyText(valueAt(curve, t), curve)}`);
    const counts = own
      .filter((curve) => curve.currency === null)
      .map((curve) => [valueAt(curve, t), curve.name])
      .filter(([value]) => value !== 0)
      .map(([value, name]) => `${value} ${name}`);
    const lines = [];
    for (const word of [...counts, ...money]) {
      const last = lines[lines.length - 1];
      if (last !== undefined && last.length + word.length < 30) lines[lines.length - 1] = `${last} · ${word}`;
      else lines.push(word);
    }
    return lines.length > 2 ? [lines[0], `${lines[1]} …`] : lines;
  };
}

function moneyText(minor, { currency, exponent }) {
  const number = (minor / 10 ** exponent).toLocaleString('en', {
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
  return `${number} ${currency}`;
}
