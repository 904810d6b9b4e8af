/*
 * Draws the timeline as SVG: fault rows, lanes, marks, links from cause to effect. Pure in its
 * inputs: (data, state, width) in, markup and the list of drawn marks out. Nothing here listens.
 */
const LANE = 60;
const ROWS = 3;
const FAULT_ROW = 20;
const AXIS = 40;
const TONE_RANK = { bad: 3, doubt: 2, good: 1, plain: 0 };

function escapeText(text) {
  return String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
}

/** What part of time is where on the drawing. */
function makeView(scale, range, left, right) {
  const span = range[1] - range[0];
  return {
    pixel: (t) => left + ((scale.position(t) - range[0]) / span) * (right - left),
    timeAt: (x) => scale.time(range[0] + ((x - left) / (right - left)) * span),
  };
}

function drawChart(data, state, width) {
  const narrow = width < 640;
  const longest = Math.max(
    ...data.lanes.map((lane) => lane.name.length),
    ...data.faults.map((row) => faultName(row).length),
  );
  const left = narrow ? 10 : Math.min(260, Math.max(220, longest * 6.7 + 34));
  const right = width - 18;
  const laneHeight = narrow ? LANE + 14 : LANE;
  const faultHeight = narrow ? FAULT_ROW + 12 : FAULT_ROW;
  const top = AXIS + (data.faults.length > 0 ? data.faults.length * faultHeight + 10 : 0);
  const bottom = top + data.lanes.length * laneHeight;
  const view = makeView(state.scale, state.range, left, right);
  const laneTop = (lane) => top + lane * laneHeight;
  const clip = (t) => Math.min(right, Math.max(left, view.pixel(t)));
  const out = [
    '<defs><pattern id="stripes" width="6" height="6" patternTransform="rotate(45)" patternUnits="userSpaceOnUse">',
    '<line x1="0" y1="0" x2="0" y2="6" style="stroke:var(--bad)" stroke-width="2" opacity=".5"/></pattern>',
    `<clipPath id="plot"><rect x="${left - 8}" y="0" width="${right - left + 26}" height="${bottom + 4}"/></clipPath></defs>`,
  ];

  data.lanes.forEach((lane, n) => {
    const y = laneTop(n);
    out.push(
      `<rect class="lane" x="${left - 8}" y="${y + 2}" width="${right - left + 16}" height="${laneHeight - 4}" rx="4"/>`,
    );
    out.push(
      narrow
        ? `<text class="name" x="${left}" y="${y + 16}">${escapeText(lane.name)}</text>`
        : `<text class="name" x="${left - 20}" y="${y + 19}" text-anchor="end">${escapeText(lane.name)}</text>`,
    );
    const [x, first, anchor] = narrow ? [right, y + 16, 'end'] : [left - 20, y + 35, 'end'];
    out.push(
      `<text class="total" data-lane="${n}" data-line="0" x="${x}" y="${first}" text-anchor="${anchor}"></text>`,
    );
    if (!narrow)
      out.push(
        `<text class="total" data-lane="${n}" data-line="1" x="${x}" y="${first + 14}" text-anchor="end"></text>`,
      );
  });
  out.push('<g clip-path="url(#plot)">');
  for (const idle of state.scale.idle) {
    const [x0, x1] = [clip(idle.from), clip(idle.to)];
    if (x1 - x0 < 6) continue;
    out.push(`<rect class="idle" x="${x0 + 2}" y="${top}" width="${x1 - x0 - 4}" height="${bottom - top}"/>`);
    const label = 'idle ' + durationText(idle.to - idle.from);
    if (x1 - x0 > label.length * 6 + 8)
      out.push(`<text class="idle-label" x="${(x0 + x1) / 2}" y="${bottom - 8}" text-anchor="middle">${label}</text>`);
  }
  out.push(...drawFaults(data, { view, right, clip, left, narrow, faultHeight, laneTop, laneHeight, top, bottom }));
  for (const tick of ticks(view, left, right, narrow ? 84 : 104)) {
    out.push(`<line class="grid" x1="${tick.px}" x2="${tick.px}" y1="${AXIS - 4}" y2="${bottom}"/>`);
    out.push(
      `<text class="tick" x="${tick.px}" y="15" text-anchor="${tick.px - left < 26 ? 'start' : right - tick.px < 26 ? 'end' : 'middle'}">${timeText(tick.t, true)}</text>`,
    );
  }
  out.push(...drawPhases(data.lines, { view, left, right, bottom }));
  for (const down of data.down) {
    out.push(
      `<rect class="down" x="${clip(down.from)}" y="${laneTop(down.lane) + 4}" width="${Math.max(3, clip(down.to) - clip(down.from))}" height="${laneHeight - 8}"><title>The service is down</title></rect>`,
    );
  }
  const drawn = placeMarks(state, view, { left, right, laneTop, laneHeight, narrow });
  out.push(...drawLinks(state, drawn), ...drawn.map((item) => drawMark(item, state)), '</g>');
  out.push(`<line class="cursor" id="cursor" x1="-9" x2="-9" y1="${AXIS - 4}" y2="${bottom}"/>`);
  if (!narrow) out.push(`<text class="tick" id="cursor-time" x="${left - 20}" y="15" text-anchor="end"></text>`);
  return { markup: out.join(''), height: bottom + 6, drawn, view, left, right, top, bottom };
}

/** Lines where the faults end and where the run ends; a label that would cover another is left out. */
function drawPhases(lines, box) {
  let taken = -999;
  return lines.flatMap(({ t, label }) => {
    const x = box.view.pixel(t);
    if (x < box.left - 1 || x > box.right + 1) return [];
    const line = `<line class="phase" x1="${x}" x2="${x}" y1="${AXIS - 12}" y2="${box.bottom}"/>`;
    const before = x > box.right - 80;
    const from = before ? x - 70 : x;
    if (from < taken) return [line];
    taken = from + 74;
    return [
      line,
      `<text class="tick" x="${before ? x - 5 : x + 5}" y="${AXIS - 8}" text-anchor="${before ? 'end' : 'start'}">${label}</text>`,
    ];
  });
}

function faultName(fault) {
  return `${fault.name}${fault.psp === null ? '' : ' · ' + fault.psp}`;
}

function drawFaults(data, box) {
  const out = drawBands(data, box);
  data.faults.forEach((fault, n) => {
    const y = AXIS + 4 + n * box.faultHeight;
    const words = `${escapeText(faultName(fault))}${fault.hits.length > 0 ? ` ×${fault.hits.length}` : ''}`;
    const barY = box.narrow ? y + 16 : y + 4;
    out.push(
      box.narrow
        ? `<text class="fault" x="${box.left}" y="${y + 11}">${words}</text>`
        : `</g><text class="fault" x="${box.left - 20}" y="${y + 13}" text-anchor="end">${escapeText(faultName(fault))}<title>${words}</title></text><g clip-path="url(#plot)">`,
    );
    for (const window of fault.windows) {
      const [x0, x1] = [box.clip(window.from), box.clip(window.to)];
      if (x1 <= x0) continue;
      const title = `${words}: ${timeText(window.from)} to ${timeText(window.to)}`;
      out.push(
        `<rect class="window" x="${x0}" y="${barY}" width="${x1 - x0}" height="10" rx="2"><title>${title}</title></rect>`,
      );
    }
    let last = -9;
    for (const hit of fault.hits) {
      const x = Math.round(box.view.pixel(hit));
      if (x - last < 2 || x < box.left - 2 || x > box.right + 2) continue;
      last = x;
      out.push(`<line class="hit" x1="${x}" x2="${x}" y1="${barY - 1}" y2="${barY + 11}"/>`);
    }
  });
  return out;
}

/** A band over each disturbed lane for as long as any fault may act there; one for all PSPs disturbs the PSP lanes. */
function drawBands(data, box) {
  return data.lanes.flatMap((lane, n) => {
    const windows = data.faults
      .filter((fault) => fault.lane === n || (fault.lane < 0 && lane.kind === 'psp'))
      .flatMap((fault) => fault.windows)
      .sort((a, b) => a.from - b.from);
    const merged = [];
    for (const window of windows) {
      const last = merged[merged.length - 1];
      if (last && window.from <= last.to) last.to = Math.max(last.to, window.to);
      else merged.push({ ...window });
    }
    return merged.map(({ from, to }) => {
      const [x0, x1] = [box.clip(from), box.clip(to)];
      return x1 <= x0
        ? ''
        : `<rect class="band" x="${x0}" y="${box.laneTop(n) + 2}" width="${x1 - x0}" height="${box.laneHeight - 4}"/>`;
    });
  });
}

/** Gives every mark a place; marks that would cover each other share one, with their number. */
function placeMarks(state, view, box) {
  const drawn = [];
  const free = new Map();
  for (const mark of state.visible) {
    const x = view.pixel(mark.t);
    if (x < box.left - 6 || x > box.right + 6) continue;
    const key = mark.lane;
    const rows = free.get(key) || Array.from({ length: ROWS }, () => ({ x: -99, item: null }));
    free.set(key, rows);
    let row = rows.findIndex(
      (candidate) => x - candidate.x >= (candidate.item && candidate.item.marks.length > 1 ? 18 : 11),
    );
    if (row < 0) {
      row = rows.reduce((best, candidate, n) => (candidate.x < rows[best].x ? n : best), 0);
      const { item } = rows[row];
      item.marks.push(mark);
      if (TONE_RANK[mark.tone] > TONE_RANK[item.tone]) item.tone = mark.tone;
      item.x = (item.x * (item.marks.length - 1) + x) / item.marks.length;
      continue;
    }
    const usable = box.laneHeight - (box.narrow ? 26 : 14);
    const y = box.laneTop(key) + (box.narrow ? 22 : 7) + (usable * (row + 0.5)) / ROWS;
    const item = { x, y, tone: mark.tone, marks: [mark] };
    rows[row] = { x, item };
    drawn.push(item);
  }
  return drawn;
}

function drawMark(item, state) {
  const count = item.marks.length;
  const size = count === 1 ? 4.6 : Math.min(9, 5.6 + Math.log2(count));
  const { x, y, tone } = item;
  const shape =
    tone === 'bad'
      ? `<path class="mark bad" d="M${x} ${y - size - 1}L${x + size + 1} ${y}L${x} ${y + size + 1}L${x - size - 1} ${y}Z"/>`
      : `<circle class="mark ${tone}" cx="${x}" cy="${y}" r="${tone === 'plain' && count === 1 ? 3.4 : size}"/>`;
  const number =
    count > 1 && size > 7 ? `<text class="count" x="${x}" y="${y + 3.5}">${count > 99 ? '99+' : count}</text>` : '';
  const ring = item.marks.some((mark) => mark.witness)
    ? `<circle class="ring" cx="${x}" cy="${y}" r="${size + 4}"/>`
    : '';
  const chosen = item.marks.includes(state.chosen)
    ? `<circle class="chosen" cx="${x}" cy="${y}" r="${size + 6}"/>`
    : '';
  return shape + number + ring + chosen;
}

/** Lines from cause to effect, drawn when one payment is looked at: with all of them they would be a hairball. */
function drawLinks(state, drawn) {
  if (state.payment < 0) return [];
  const places = new Map();
  for (const item of drawn) for (const mark of item.marks) places.set(mark.i, item);
  return drawn.flatMap((item) =>
    item.marks.flatMap((mark) => {
      const from = places.get(mark.cause);
      if (!from || from === item) return [];
      const bend = Math.max(12, Math.abs(item.x - from.x) / 2);
      return [
        `<path class="link" d="M${from.x} ${from.y}C${from.x + bend} ${from.y} ${item.x - bend} ${item.y} ${item.x} ${item.y}"/>`,
      ];
    }),
  );
}
