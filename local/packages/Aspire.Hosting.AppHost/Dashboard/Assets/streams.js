// Server-sent events that never give up. The browser reconnects by itself after a lost connection, but not after an answer that is no
// stream (another program on the port, a resource that is gone for a moment), and some browsers not after a refused connection.

const retryAfter = 1000;

// Drawn in one frame, so that a flood of lines leaves the tab responsive.
const linesPerFrame = 400;

// What has not been drawn yet. Lines beyond it would scroll out of a console that keeps 5000 before anyone saw them.
const linesWaiting = 5000;

// Stands among the lines where another run begins.
const newRun = {};

// urlOf is asked anew for every connection that is opened here. The state is 'live' or 'lost'.
export function openStream(urlOf, handlers, onState = () => {}) {
  let source = null;
  let timer = 0;

  const open = () => {
    source = new EventSource(urlOf());
    source.onopen = () => onState('live');
    source.onerror = () => {
      onState('lost');
      if (source.readyState === EventSource.CLOSED) {
        timer = setTimeout(open, retryAfter);
      }
    };
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    }
  };

  open();
  return {
    close() {
      clearTimeout(timer);
      source.close();
    },
  };
}

// The console of a resource: each line once, in order, across reconnections. Calls onLines with a batch per frame, and onGap with the
// number of lines that are missing before the next batch. Rests while the page is hidden: a browser opens six connections to a server, and
// tabs in the background must not use them up.
export function openConsole(resource, { onLines, onGap, onNewRun, after = 0, run = null }) {
  let last = after;
  let drawn = after;
  let current = run;
  let stream = null;
  let waiting = [];
  let frame = 0;

  const draw = () => {
    waiting.splice(0, Math.max(0, waiting.length - linesWaiting));
    drawBatch();
    frame = waiting.length ? requestAnimationFrame(draw) : 0;
  };

  // Up to the next gap or the next run.
  const drawBatch = () => {
    if (waiting[0] === newRun) {
      waiting.shift();
      drawn = 0;
      onNewRun();
      return;
    }
    let count = 1;
    while (count < linesPerFrame && waiting[count]?.number === waiting[count - 1].number + 1) {
      count++;
    }
    const lines = waiting.splice(0, count);
    const missing = lines[0].number - drawn - 1;
    if (missing > 0) {
      onGap(missing, drawn === 0);
    }
    drawn = lines.at(-1).number;
    onLines(lines);
  };

  const put = (item) => {
    waiting.push(item);
    frame ||= requestAnimationFrame(draw);
  };

  const handlers = {
    // Another run numbers its lines from 1 again, so the position asked for meant nothing to it.
    runner(runner) {
      const restarted = current !== null && current !== runner.run;
      current = runner.run;
      if (restarted) {
        last = 0;
        put(newRun);
        stream.close();
        stream = openStream(url, handlers);
      }
    },
    line(line) {
      if (line.number > last) {
        last = line.number;
        put(line);
      }
    },
  };

  const url = () => `api/resources/${encodeURIComponent(resource)}/logs?after=${last}`;

  const followVisibility = () => {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else {
      stream ??= openStream(url, handlers);
    }
  };

  document.addEventListener('visibilitychange', followVisibility);
  followVisibility();
  return {
    get position() {
      return { after: drawn, run: current };
    },
    close() {
      document.removeEventListener('visibilitychange', followVisibility);
      cancelAnimationFrame(frame);
      stream?.close();
    },
  };
}
