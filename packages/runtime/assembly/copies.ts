// Copies of many short rows, for which a call of memory.copy per row would cost more than the copy.

/** Copies rows of `bytes` bytes, a multiple of 4, from rows `from` bytes apart to rows `to` bytes apart. Units are rows. */
export function copyRows(
  source: usize,
  target: usize,
  bytes: i32,
  from: i32,
  to: i32,
  _scratch: usize,
  begin: i32,
  end: i32,
): void {
  for (let u = begin; u < end; u++) {
    let p = source + <usize>u * <usize>from,
      q = target + <usize>u * <usize>to;
    if (bytes >= 512) {
      memory.copy(q, p, bytes);
      continue;
    }
    let k = bytes;
    for (; k >= 16; k -= 16) {
      v128.store(q, v128.load(p));
      p += 16;
      q += 16;
    }
    for (; k > 0; k -= 4) {
      store<u32>(q, load<u32>(p));
      p += 4;
      q += 4;
    }
  }
}
