// Splits a console line into runs of text with the colours its escape sequences ask for.
// Colours become classes of a palette that is legible in both themes; nothing of a line is ever parsed as HTML.

// CSI sequences, OSC sequences (titles, links), other escapes, and control characters other than tab.
const sequences = /\u001b\[([0-9;:]*)[ -/]*([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?|[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;

// What the .NET console logger writes in front of a message, for a program that writes no colours.
const dotnetLevel = /^(trce|dbug|info|warn|fail|crit)(?=: )/;

// Longer lines are cut on the page: laying out a megabyte without a break stalls the tab.
const longestLine = 10_000;

export function parse(line) {
  const runs = [];
  const style = { colour: null, background: null, bold: false, dim: false, italic: false, underline: false };
  let text = '';
  let from = 0;

  const push = (value) => {
    if (value) {
      runs.push({ text: value, className: classOf(style) });
      text += value;
    }
  };

  const source = line.length > longestLine ? `${line.slice(0, longestLine)} … ${line.length - longestLine} more characters` : line;
  for (const match of source.matchAll(sequences)) {
    push(source.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === 'm') {
      apply(style, match[1]);
    }
  }
  push(source.slice(from));

  return { text, runs: withLevel(text, runs) };
}

function withLevel(text, runs) {
  const level = runs.length === 1 && !runs[0].className && dotnetLevel.exec(text)?.[1];
  return level
    ? [{ text: level, className: `level-${level}` }, { text: text.slice(level.length), className: '' }]
    : runs;
}

function apply(style, parameters) {
  const codes = parameters.split(/[;:]/).map(Number);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) {
      Object.assign(style, { colour: null, background: null, bold: false, dim: false, italic: false, underline: false });
    } else if (code === 1) {
      style.bold = true;
    } else if (code === 2) {
      style.dim = true;
    } else if (code === 3) {
      style.italic = true;
    } else if (code === 4) {
      style.underline = true;
    } else if (code === 22) {
      style.bold = style.dim = false;
    } else if (code === 23) {
      style.italic = false;
    } else if (code === 24) {
      style.underline = false;
    } else if (code >= 30 && code <= 37) {
      style.colour = code - 30;
    } else if (code >= 90 && code <= 97) {
      style.colour = code - 82;
    } else if (code === 39) {
      style.colour = null;
    } else if (code >= 40 && code <= 47) {
      style.background = code - 40;
    } else if (code >= 100 && code <= 107) {
      style.background = code - 92;
    } else if (code === 49) {
      style.background = null;
    } else if (code === 38 || code === 48) {
      const [colour, used] = extended(codes, i + 1);
      style[code === 38 ? 'colour' : 'background'] = colour;
      i += used;
    }
  }
}

// 5;n is one of 256 colours, 2;r;g;b any colour. Both are brought to the nearest of the palette.
function extended(codes, at) {
  if (codes[at] === 5) {
    const n = codes[at + 1] ?? 0;
    return [n < 16 ? n : nearest(...rgbOf(n)), 2];
  }
  return codes[at] === 2 ? [nearest(codes[at + 1] ?? 0, codes[at + 2] ?? 0, codes[at + 3] ?? 0), 4] : [null, 1];
}

function rgbOf(n) {
  if (n >= 232) {
    const grey = 8 + (n - 232) * 10;
    return [grey, grey, grey];
  }
  const step = (v) => (v === 0 ? 0 : 55 + v * 40);
  return [step(Math.floor((n - 16) / 36)), step(Math.floor((n - 16) / 6) % 6), step((n - 16) % 6)];
}

// By hue: the bits of an ANSI colour are red 1, green 2, blue 4, and 8 for bright.
function nearest(r, g, b) {
  const high = Math.max(r, g, b);
  if (high - Math.min(r, g, b) < 32) {
    return high < 64 ? 0 : high < 144 ? 8 : high < 224 ? 7 : 15;
  }
  const on = (v, bit) => (v > high * 0.6 ? bit : 0);
  return on(r, 1) + on(g, 2) + on(b, 4) + (high > 200 ? 8 : 0);
}

// A black background is what a console has anyway, so it asks for nothing.
function classOf({ colour, background, bold, dim, italic, underline }) {
  const names = [];
  if (background) {
    names.push(`bg-${background}`);
  } else if (colour !== null) {
    names.push(`fg-${colour}`);
  }
  if (bold) names.push('bold');
  if (dim) names.push('dim');
  if (italic) names.push('italic');
  if (underline) names.push('underline');
  return names.join(' ');
}
