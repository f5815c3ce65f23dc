// Draws the windows and areas of the notifications on this page, from the same page as JSON.
'use strict';

(() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const ROW = 18, LEFT = 150, WIDTH = 1000, TOP = 28;
  const KM_PER_DEGREE = 111.32;
  const CIRCLE_POINTS = 48;
  const NEAR_MS = 400 * 86400e3;  // windows farther from now are drawn only where none is nearer
  const ROWS_MAX = 60;            // the nearest

  const element = (parent, name, attributes = {}, text) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    parent?.append(made);
    return made;
  };

  const drawing = (label, viewBox) => {
    const svg = element(null, 'svg', {class: 'drawing', role: 'img', 'aria-label': label, viewBox});
    return svg;
  };

  const kindOf = (timeliness) => ({TIMELY: 'timely', LATE: 'late'}[timeliness] ?? 'other');
  const day = (ms) => new Date(ms).toISOString().slice(0, 10);

  const timeline = (page) => {
    const all = page.notifications.map((each) => ({
      label: `${each.row.author} ${each.notification.reference}`,
      from: Number(each.notification.window_start_us) / 1000,
      to: Number(each.notification.window_end_us) / 1000,
      kind: kindOf(each.row.entry.timeliness),
    }));
    const now = Number(page.as_of_us) / 1000;
    const away = (row) => Math.max(row.from - now, now - row.to, 0);
    const near = all.filter((row) => away(row) < NEAR_MS);
    const rows = (near.length > 0 ? near : all).sort((a, b) => away(a) - away(b)).slice(0, ROWS_MAX)
        .sort((a, b) => a.from - b.from);
    document.getElementById('unlisted').textContent =
        rows.length < all.length ? `${all.length - rows.length} far from now are not drawn.` : '';
    const first = Math.min(now, ...rows.map((row) => row.from));
    const last = Math.max(now, ...rows.map((row) => row.to));
    const margin = Math.max((last - first) * 0.03, 3600e3);
    const x = (ms) => LEFT + (ms - first + margin) / (last - first + 2 * margin) * (WIDTH - LEFT - 10);
    const height = TOP + rows.length * ROW + 8;
    const svg = drawing(`${rows.length} windows from ${day(first)} to ${day(last)}; the table below says the same`,
                        `0 0 ${WIDTH} ${height}`);
    const hatch = element(element(svg, 'defs'), 'pattern',
                          {id: 'hatch', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)'});
    element(hatch, 'line', {x1: 0, y1: 0, x2: 0, y2: 6, class: 'hatch'});
    for (let i = 0; i <= 4; ++i) {
      const at = first + (last - first) * i / 4;
      element(svg, 'line', {class: 'axis', x1: x(at), x2: x(at), y1: TOP - 6, y2: height});
      element(svg, 'text', {x: x(at), y: TOP - 12, 'text-anchor': i === 4 ? 'end' : i === 0 ? 'start' : 'middle'}, day(at));
    }
    rows.forEach((row, i) => {
      const y = TOP + i * ROW;
      element(svg, 'text', {x: LEFT - 8, y: y + 12, 'text-anchor': 'end'}, row.label.slice(0, 20));
      const bar = element(svg, 'rect', {class: row.kind, x: x(row.from), y: y + 2, rx: 2, height: ROW - 6,
                                        width: Math.max(3, x(row.to) - x(row.from))});
      element(bar, 'title', {}, `${row.label}: ${new Date(row.from).toISOString()} to ${new Date(row.to).toISOString()}`);
    });
    element(svg, 'line', {class: 'now', x1: x(now), x2: x(now), y1: TOP - 6, y2: height});
    document.getElementById('timeline').replaceChildren(svg);
  };

  const degrees = (point) => [point.longitude_udeg / 1e6, point.latitude_udeg / 1e6];

  // A circle on the earth as points: where the great circle from its middle in each direction arrives.
  const circle = (center, radius_m) => {
    const [longitude, latitude] = degrees(center).map((each) => each * Math.PI / 180);
    const angle = radius_m / 1000 / KM_PER_DEGREE * Math.PI / 180;
    const points = [];
    for (let i = 0; i < CIRCLE_POINTS; ++i) {
      const bearing = 2 * Math.PI * i / CIRCLE_POINTS;
      const north = Math.asin(Math.sin(latitude) * Math.cos(angle) + Math.cos(latitude) * Math.sin(angle) * Math.cos(bearing));
      const east = longitude + Math.atan2(Math.sin(bearing) * Math.sin(angle) * Math.cos(latitude),
                                          Math.cos(angle) - Math.sin(latitude) * Math.sin(north));
      points.push([east * 180 / Math.PI, north * 180 / Math.PI]);
    }
    return points;
  };

  // Goes the short way round from point to point, so that it may leave the map at the antimeridian.
  const unwrapped = (points) => {
    let turn = 0;
    return points.map(([longitude, latitude], i) => {
      if (i > 0) {
        const step = longitude - points[i - 1][0];
        if (step > 180) turn -= 360;
        if (step < -180) turn += 360;
      }
      return [longitude + turn, latitude];
    });
  };

  const areaOf = (area) => {
    if (area.site) return {at: degrees(area.site.location)};
    if (area.circle) return {points: circle(area.circle.center, area.circle.radius_m)};
    if (area.polygon) return {points: area.polygon.points.map(degrees)};
    return null;
  };

  const map = (page, coast) => {
    const named = [];
    const svg = drawing('World map with the areas of the notifications; the table below names them', '-180 -90 360 180');
    for (let longitude = -150; longitude <= 150; longitude += 30) {
      element(svg, 'line', {class: 'axis', x1: longitude, x2: longitude, y1: -90, y2: 90});
    }
    for (let latitude = -60; latitude <= 60; latitude += 30) {
      element(svg, 'line', {class: 'axis', x1: -180, x2: 180, y1: -latitude, y2: -latitude});
    }
    if (coast) element(svg, 'path', {class: 'land', d: coast, transform: 'scale(0.1)'});
    for (const each of page.notifications) {
      const label = `${each.row.author} ${each.notification.reference}`;
      const area = areaOf(each.notification.area ?? {});
      if (!area) {
        named.push(label);
        continue;
      }
      // Once more on the other side, for what crosses the antimeridian.
      for (const shift of [-360, 0, 360]) {
        const shape = area.at
            ? element(svg, 'circle', {class: 'shape', cx: area.at[0] + shift, cy: -area.at[1], r: 1.6})
            : element(svg, 'polygon', {class: 'shape',
                points: unwrapped(area.points).map(([east, north]) => `${east + shift},${-north}`).join(' ')});
        element(shape, 'title', {}, label);
      }
    }
    document.getElementById('map').replaceChildren(svg);
    document.getElementById('undrawn').textContent =
        named.length ? `${named.length} with a named sea area are not drawn.` : '';
  };

  const draw = async () => {
    const charts = document.getElementById('charts');
    if (!charts) return;
    const answer = await fetch(location.href, {headers: {Accept: 'application/json'}});
    if (!answer.ok) return;
    const page = await answer.json();
    if (page.notifications.length === 0) return;
    charts.hidden = false;
    timeline(page);
    map(page, await coastlines());
  };

  let kept;
  const coastlines = async () => {
    if (kept === undefined) {
      const answer = await fetch('/assets/coastlines.svg');
      const svg = answer.ok && new DOMParser().parseFromString(await answer.text(), 'image/svg+xml');
      kept = svg ? svg.querySelector('path').getAttribute('d') : null;
    }
    return kept;
  };

  document.addEventListener('shown', draw);
  draw();
})();
