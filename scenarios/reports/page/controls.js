/*
 * The timeline's behaviour: filter by payment, zoom, choose an event by pointer or keyboard,
 * and the list of events below. Draws by chart.js.
 */
function start() {
  const data = readData();
  copyButtons();
  themeSwitch();
  if (data === null) return;
  const $ = (id) => document.getElementById(id);
  const svg = $('timeline');
  const tip = $('tip');
  let squeezed = true;
  // A payment looked at alone gets a scale of its own: its idle time is not the run's.
  const scaleFor = (marks) =>
    makeScale(
      marks.map((mark) => mark.t),
      data.end,
      squeezed,
    );
  const state = {
    scale: scaleFor(data.marks),
    range: [0, 1],
    payment: -1,
    visible: data.marks,
    chosen: null,
    totals: makeTotals(data.totals, -1),
  };
  let drawing = null;
  let waiting = false;

  const draw = () => {
    waiting = false;
    const width = Math.max(280, $('chart').clientWidth);
    drawing = drawChart(data, state, width);
    svg.setAttribute('viewBox', `0 0 ${width} ${drawing.height}`);
    svg.setAttribute('height', drawing.height);
    svg.innerHTML = drawing.markup + (state.brush ? brushMarkup() : '');
    showTotals(null);
    listEvents();
  };
  /** Totals up to where the pointer is; without a pointer up to the chosen event, else to the end of the view. */
  const showTotals = (pointer) => {
    const inside = pointer !== null && pointer >= drawing.left && pointer <= drawing.right;
    const at = inside ? drawing.view.timeAt(pointer) : state.chosen ? state.chosen.t : state.scale.time(state.range[1]);
    const x = inside ? pointer : state.chosen ? drawing.view.pixel(at) : -9;
    const cursor = $('cursor');
    cursor.setAttribute('x1', x);
    cursor.setAttribute('x2', x);
    cursor.style.visibility = x < drawing.left || x > drawing.right ? 'hidden' : 'visible';
    const label = $('cursor-time');
    if (label) label.textContent = `totals at ${timeText(at)}`;
    for (const text of svg.querySelectorAll('.total'))
      text.textContent = state.totals(Number(text.dataset.lane), at)[Number(text.dataset.line)] || '';
  };
  const redraw = () => {
    if (!waiting) requestAnimationFrame(draw);
    waiting = true;
  };
  const brushMarkup = () => {
    const [a, b] = state.brush;
    return `<rect class="brush" x="${Math.min(a, b)}" y="0" width="${Math.abs(b - a)}" height="${drawing.bottom}"/>`;
  };

  const setRange = (from, to) => {
    const span = Math.min(1, Math.max(1e-7, to - from));
    const begin = Math.min(1 - span, Math.max(0, from));
    state.range = [begin, begin + span];
    hideTip();
    redraw();
  };
  const zoom = (factor, anchor = 0.5) => {
    const [from, to] = state.range;
    const middle = from + (to - from) * anchor;
    setRange(middle - (middle - from) * factor, middle + (to - middle) * factor);
  };
  const showTimes = (from, to) => {
    const [a, b] = [state.scale.position(from), state.scale.position(to)];
    const margin = Math.max((b - a) * 0.08, 1e-6);
    setRange(a - margin, b + margin);
  };
  const filter = (payment) => {
    state.payment = payment;
    state.totals = makeTotals(data.totals, payment);
    state.visible = payment < 0 ? data.marks : data.marks.filter((mark) => mark.pay === payment);
    state.scale = scaleFor(state.visible);
    if (!state.visible.includes(state.chosen)) choose(null);
    const first = state.visible[0];
    const last = state.visible[state.visible.length - 1];
    if (payment >= 0 && first) showTimes(first.t, last.t);
    else setRange(0, 1);
  };

  const choose = (mark, options = {}) => {
    state.chosen = mark;
    const panel = $('selected');
    if (mark === null) panel.textContent = 'Choose an event to read it here.';
    else {
      const payment = data.payments[mark.pay];
      panel.innerHTML = `<span class="mono">${timeText(mark.t)}</span> <b>${escapeText(mark.who)}</b> ${escapeText(mark.text)}<br><span class="mono">event ${mark.i}${payment ? ' · ' + escapeText(payment.label) : ''}${mark.witness ? ' · witness of a violation' : ''}</span>`;
      const u = state.scale.position(mark.t);
      if (options.follow && (u < state.range[0] || u > state.range[1])) {
        const half = (state.range[1] - state.range[0]) / 2;
        setRange(u - half, u + half);
      }
    }
    redraw();
  };
  const step = (by, sameLane) => {
    const pool =
      sameLane && state.chosen ? state.visible.filter((mark) => mark.lane === state.chosen.lane) : state.visible;
    const [from, to] = state.range;
    const inside = pool.findIndex((mark) => {
      const u = state.scale.position(mark.t);
      return u >= from && u <= to;
    });
    const now = pool.indexOf(state.chosen);
    const next = pool[now < 0 ? Math.max(0, inside) : Math.min(pool.length - 1, Math.max(0, now + by))];
    if (next) choose(next, { follow: true });
  };
  const changeLane = (by) => {
    if (!state.chosen) return step(0);
    const lanes = [...new Set(state.visible.map((mark) => mark.lane))].sort((a, b) => a - b);
    const lane = lanes[lanes.indexOf(state.chosen.lane) + by];
    const near = state.visible.filter((mark) => mark.lane === lane);
    const { t } = state.chosen;
    if (near.length > 0)
      choose(
        near.reduce((best, mark) => (Math.abs(mark.t - t) < Math.abs(best.t - t) ? mark : best)),
        { follow: true },
      );
  };

  const nearest = (event) => {
    const box = svg.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let best = null;
    for (const item of drawing.drawn) {
      const distance = Math.hypot(item.x - x, item.y - y);
      if (distance < 14 && (best === null || distance < best.distance)) best = { item, distance };
    }
    return best && best.item;
  };
  const hideTip = () => {
    tip.hidden = true;
  };
  const showTip = (item) => {
    const shown = item.marks
      .slice(0, 3)
      .map((mark) => `<time>${timeText(mark.t)} · ${escapeText(mark.who)}</time>${escapeText(mark.text)}`);
    const more = item.marks.length > 3 ? `<time>and ${item.marks.length - 3} more: click to zoom in</time>` : '';
    tip.innerHTML = shown.join('<br>') + more;
    tip.hidden = false;
    const room = $('chart').clientWidth;
    tip.style.left = `${Math.max(4, Math.min(item.x - 60, room - tip.offsetWidth - 6))}px`;
    tip.style.top = `${item.y + 18}px`;
  };

  svg.addEventListener('pointermove', (event) => {
    if (state.brush) {
      state.brush[1] = event.clientX - svg.getBoundingClientRect().left;
      redraw();
      return;
    }
    showTotals(event.clientX - svg.getBoundingClientRect().left);
    const item = nearest(event);
    svg.style.cursor = item ? 'pointer' : 'crosshair';
    if (item) showTip(item);
    else hideTip();
  });
  svg.addEventListener('pointerleave', () => {
    hideTip();
    showTotals(null);
  });
  svg.addEventListener('pointerdown', (event) => {
    const x = event.clientX - svg.getBoundingClientRect().left;
    if (event.button !== 0 || event.pointerType === 'touch' || x < drawing.left) return;
    state.brush = [x, x];
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener('pointerup', () => {
    const brush = state.brush;
    state.brush = null;
    if (!brush) return;
    const [a, b] = [Math.min(...brush), Math.max(...brush)];
    if (b - a > 6) showTimes(drawing.view.timeAt(a), drawing.view.timeAt(b));
    else redraw();
  });
  svg.addEventListener('click', (event) => {
    const item = nearest(event);
    if (!item) return;
    const [first, last] = [item.marks[0], item.marks[item.marks.length - 1]];
    if (item.marks.length > 1 && last.t > first.t) showTimes(first.t, last.t);
    choose(first);
  });
  svg.addEventListener('dblclick', () => setRange(0, 1));
  svg.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
      event.preventDefault();
      const box = svg.getBoundingClientRect();
      const anchor = (event.clientX - box.left - drawing.left) / (drawing.right - drawing.left);
      zoom((event.deltaY || event.deltaX) > 0 ? 1.25 : 0.8, Math.min(1, Math.max(0, anchor)));
    },
    { passive: false },
  );
  const pan = (by) => {
    const [from, to] = state.range;
    setRange(from + (to - from) * by, to + (to - from) * by);
  };
  const keys = {
    ArrowRight: (event) => (event.shiftKey ? pan(0.2) : step(1)),
    ArrowLeft: (event) => (event.shiftKey ? pan(-0.2) : step(-1)),
    ArrowDown: () => changeLane(1),
    ArrowUp: () => changeLane(-1),
    '+': () => zoom(0.6),
    '=': () => zoom(0.6),
    '-': () => zoom(1.6),
    0: () => setRange(0, 1),
    Home: () => {
      state.chosen = null;
      step(0);
    },
    Escape: () => choose(null),
  };
  $('chart').addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(event);
  });

  $('payment').addEventListener('change', (event) => filter(Number(event.target.value)));
  $('zoom-in').addEventListener('click', () => zoom(0.5));
  $('zoom-out').addEventListener('click', () => zoom(2));
  $('fit').addEventListener('click', () => setRange(0, 1));
  $('squeeze').addEventListener('click', (event) => {
    const pressed = event.currentTarget.getAttribute('aria-pressed') !== 'true';
    event.currentTarget.setAttribute('aria-pressed', String(pressed));
    const [from, to] = state.range.map((u) => state.scale.time(u));
    squeezed = pressed;
    state.scale = scaleFor(state.visible);
    setRange(state.scale.position(from), state.scale.position(to));
  });
  for (const button of document.querySelectorAll('[data-show]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const { payment, from, to, witness } = JSON.parse(button.dataset.show);
      const position = data.payments.findIndex((candidate) => candidate.id === payment);
      $('payment').value = String(position);
      filter(position);
      if (position < 0) showTimes(from, to);
      choose(data.marks.find((mark) => mark.i === witness) || null);
      $('timeline-section').scrollIntoView();
      $('chart').focus({ preventScroll: true });
    });
  }

  const LISTED = 150;
  const listEvents = () => {
    const [from, to] = state.range.map((u) => state.scale.time(u));
    const inside = state.visible.filter((mark) => mark.t >= from - 0.5 && mark.t <= to + 0.5);
    const at = Math.max(0, inside.indexOf(state.chosen) - 20);
    const shown = inside.slice(inside.indexOf(state.chosen) >= LISTED ? at : 0).slice(0, LISTED);
    $('event-count').textContent =
      `${inside.length} event${inside.length === 1 ? '' : 's'} in view${inside.length > shown.length ? `, ${shown.length} listed; zoom in or choose a payment to see the rest` : ''}.`;
    $('event-rows').innerHTML = shown
      .map(
        (mark) =>
          `<tr data-n="${data.marks.indexOf(mark)}" class="${mark.witness ? 'is-witness ' : ''}${mark === state.chosen ? 'is-chosen' : ''}"><td>${timeText(mark.t)}</td><td>${escapeText(mark.who)}</td><td>${escapeText(mark.text)}</td></tr>`,
      )
      .join('');
  };
  $('event-rows').addEventListener('click', (event) => {
    const row = event.target.closest('tr');
    if (row) choose(data.marks[Number(row.dataset.n)]);
  });
  for (const [n, payment] of data.payments.entries()) {
    $('payment').append(new Option((payment.failed ? '● ' : '') + payment.label, String(n)));
  }
  addEventListener('resize', redraw);
  addEventListener('beforeprint', draw);
  choose(null);
  draw();
}

start();
