// An operation between [outer, rows, channels] and [outer or 1, channels], which is repeated for each row.

function addRows(p: usize, pBack: usize, q: usize, qBack: usize, o: usize, rows: i32, vectors: i32): void {
  for (; rows > 0; rows--) {
    for (let v = 0; v < vectors; v++) {
      v128.store(o, f32x4.add(v128.load(p), v128.load(q)));
      p += 16;
      q += 16;
      o += 16;
    }
    p -= pBack;
    q -= qBack;
  }
}

function subtractRows(p: usize, pBack: usize, q: usize, qBack: usize, o: usize, rows: i32, vectors: i32): void {
  for (; rows > 0; rows--) {
    for (let v = 0; v < vectors; v++) {
      v128.store(o, f32x4.sub(v128.load(p), v128.load(q)));
      p += 16;
      q += 16;
      o += 16;
    }
    p -= pBack;
    q -= qBack;
  }
}

function multiplyRows(p: usize, pBack: usize, q: usize, qBack: usize, o: usize, rows: i32, vectors: i32): void {
  for (; rows > 0; rows--) {
    for (let v = 0; v < vectors; v++) {
      v128.store(o, f32x4.mul(v128.load(p), v128.load(q)));
      p += 16;
      q += 16;
      o += 16;
    }
    p -= pBack;
    q -= qBack;
  }
}

function divideRows(p: usize, pBack: usize, q: usize, qBack: usize, o: usize, rows: i32, vectors: i32): void {
  for (; rows > 0; rows--) {
    for (let v = 0; v < vectors; v++) {
      v128.store(o, f32x4.div(v128.load(p), v128.load(q)));
      p += 16;
      q += 16;
      o += 16;
    }
    p -= pBack;
    q -= qBack;
  }
}

/**
 * `operation` 0: a + b, 1: a - b, 2: a * b, 3: a / b. `repeated` 0: a is repeated, 1: b is; `sets` is the distance in
 * channels between its rows, 0 when it has only one. Channels are a multiple of 4. Units are the rows of all sets.
 */
export function broadcastRows(
  operation: i32,
  repeated: i32,
  a: usize,
  b: usize,
  out: usize,
  rows: i32,
  channels: i32,
  sets: i32,
  _scratch: usize,
  begin: i32,
  end: i32,
): void {
  const row = (<usize>channels) << 2;
  const aBack = repeated === 0 ? row : 0,
    bBack = repeated === 1 ? row : 0;
  while (begin < end) {
    const set = begin / rows;
    const count = min(end, (set + 1) * rows) - begin;
    const full = <usize>begin * row,
      single = (<usize>(set * sets)) << 2;
    const p = a + (repeated === 0 ? single : full),
      q = b + (repeated === 1 ? single : full),
      o = out + full;
    if (operation === 0) addRows(p, aBack, q, bBack, o, count, channels >> 2);
    else if (operation === 1) subtractRows(p, aBack, q, bBack, o, count, channels >> 2);
    else if (operation === 2) multiplyRows(p, aBack, q, bBack, o, count, channels >> 2);
    else divideRows(p, aBack, q, bBack, o, count, channels >> 2);
    begin += count;
  }
}
