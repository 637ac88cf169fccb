/**
 * Finds a tile of `size` x `size` pixels, whose first is (top, left), of one sample [height, width, row / width]: in the
 * sample itself where it lies inside, otherwise as a copy in `spare` with zeros around the border. Returns its address;
 * its rows are {@link tileRow} bytes apart. `pixel` is in bytes.
 */
export function findTile(
  sample: usize,
  height: i32,
  width: i32,
  pixel: usize,
  top: i32,
  left: i32,
  size: i32,
  spare: usize,
): usize {
  if (isInside(height, width, top, left, size)) return sample + <usize>(top * width + left) * pixel;
  const first = max(0, -left),
    last = min(size, width - left);
  let q = spare;
  for (let r = 0; r < size; r++) {
    const y = top + r;
    if (y < 0 || y >= height || last <= first) {
      memory.fill(q, 0, <usize>size * pixel);
    } else {
      memory.fill(q, 0, <usize>first * pixel);
      memory.copy(
        q + <usize>first * pixel,
        sample + <usize>(y * width + left + first) * pixel,
        <usize>(last - first) * pixel,
      );
      memory.fill(q + <usize>last * pixel, 0, <usize>(size - last) * pixel);
    }
    q += <usize>size * pixel;
  }
  return spare;
}

function isInside(height: i32, width: i32, top: i32, left: i32, size: i32): bool {
  return top >= 0 && left >= 0 && top + size <= height && left + size <= width;
}

/** The bytes between the rows of a tile that {@link findTile} found. */
export function tileRow(height: i32, width: i32, pixel: usize, top: i32, left: i32, size: i32): usize {
  return <usize>(isInside(height, width, top, left, size) ? width : size) * pixel;
}
