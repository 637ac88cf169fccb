/**
 * Instance and group normalisation and its gradient in C++, in two passes over memory where TensorFlow's own operations
 * take nine and more. The first part of the file that `normalization-operations.ts` ends.
 */
export const arithmetic = `#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif
#define INLINE inline __attribute__((always_inline))

namespace {

constexpr int lanes = 16;
// Sums of so many float32 become double, so that rounding does not add up.
constexpr int64_t block = 256;

struct Sizes {
  int64_t sets, rows, channels, group;
  int64_t values() const { return rows * channels; }
};

// Calls a function with a constant number of channels wherever that is possible, which compilers turn into vectors.
template <typename Work>
INLINE void inLanes(int64_t channels, Work work) {
  int64_t c = 0;
  for (; c + lanes <= channels; c += lanes) work(c, lanes);
  if (c < channels) work(c, static_cast<int>(channels - c));
}

// For each channel the sum of what a function gives for the values of its rows.
template <typename Value>
INLINE void sumRows(const Sizes& s, float* sums, Value value) {
  inLanes(s.channels, [&](int64_t c, int width) __attribute__((always_inline)) {
    double total[lanes] = {};
    for (int64_t start = 0; start < s.rows; start += block) {
      const int64_t end = std::min(start + block, s.rows);
      float part[lanes] = {};
      for (int64_t r = start; r < end; r++)
        for (int k = 0; k < width; k++) part[k] += value(r * s.channels + c + k, c + k);
      for (int k = 0; k < width; k++) total[k] += part[k];
    }
    for (int k = 0; k < width; k++) sums[c + k] = static_cast<float>(total[k]);
  });
}

// Replaces the values of neighbouring channels by their mean.
INLINE void shareInGroups(const Sizes& s, float* values) {
  if (s.group == 1) return;
  for (int64_t c = 0; c < s.channels; c += s.group) {
    double sum = 0;
    for (int64_t k = 0; k < s.group; k++) sum += values[c + k];
    std::fill_n(values + c, s.group, static_cast<float>(sum / s.group));
  }
}

template <bool relu>
INLINE void normalizeRows(const Sizes& s, float epsilon, const float* x, const float* scale, const float* shift, float* y,
                  float* mean, float* inverse) {
  sumRows(s, mean, [=](int64_t at, int64_t) __attribute__((always_inline)) { return x[at]; });
  for (int64_t c = 0; c < s.channels; c++) mean[c] /= s.rows;
  shareInGroups(s, mean);
  sumRows(s, inverse, [=](int64_t at, int64_t c) __attribute__((always_inline)) { return (x[at] - mean[c]) * (x[at] - mean[c]); });
  for (int64_t c = 0; c < s.channels; c++) inverse[c] /= s.rows;
  shareInGroups(s, inverse);
  for (int64_t c = 0; c < s.channels; c++) inverse[c] = 1 / std::sqrt(inverse[c] + epsilon);
  inLanes(s.channels, [&](int64_t c, int width) __attribute__((always_inline)) {
    float slope[lanes], center[lanes], offset[lanes];
    for (int k = 0; k < width; k++) {
      slope[k] = inverse[c + k] * scale[c + k];
      center[k] = mean[c + k];
      offset[k] = shift[c + k];
    }
    for (int64_t r = 0; r < s.rows; r++) {
      const float* __restrict from = x + r * s.channels + c;
      float* __restrict to = y + r * s.channels + c;
      for (int k = 0; k < width; k++) {
        const float value = (from[k] - center[k]) * slope[k] + offset[k];
        // What is no number stays so.
        to[k] = relu && value < 0 ? 0 : value;
      }
    }
  });
}

FOR_EACH_PROCESSOR
void normalizeSet(const Sizes& s, float epsilon, const float* x, const float* scale, const float* shift, float* y,
                  float* mean, float* inverse) {
  normalizeRows<false>(s, epsilon, x, scale, shift, y, mean, inverse);
}

FOR_EACH_PROCESSOR
void normalizeReluSet(const Sizes& s, float epsilon, const float* x, const float* scale, const float* shift, float* y,
                      float* mean, float* inverse) {
  normalizeRows<true>(s, epsilon, x, scale, shift, y, mean, inverse);
}

// With a ReLU after the normalisation, dy counts where its result is above 0, which is computed again.
template <bool relu>
INLINE void gradientOfRows(const Sizes& s, const float* x, const float* dy, const float* scale, const float* shift,
                           const float* mean, const float* inverse, float* dx, float* dScale, float* dShift) {
  std::vector<float> slopes(s.channels), meanOfDy(s.channels), meanOfProduct(s.channels);
  for (int64_t c = 0; c < s.channels; c++) slopes[c] = inverse[c] * scale[c];
  const float* slope = slopes.data();
  const auto isPassed = [=](float centered, int64_t c) __attribute__((always_inline)) {
    return !relu || centered * slope[c] + shift[c] > 0;
  };
  sumRows(s, dShift, [=](int64_t at, int64_t c) __attribute__((always_inline)) {
    // Read in any case, as vectors are.
    const float gradient = dy[at];
    return isPassed(x[at] - mean[c], c) ? gradient : 0;
  });
  sumRows(s, dScale, [=](int64_t at, int64_t c) __attribute__((always_inline)) {
    const float centered = x[at] - mean[c], gradient = dy[at];
    return isPassed(centered, c) ? gradient * centered : 0;
  });
  for (int64_t c = 0; c < s.channels; c++) {
    dScale[c] *= inverse[c];
    meanOfDy[c] = scale[c] * dShift[c] / s.rows;
    meanOfProduct[c] = scale[c] * dScale[c] / s.rows;
  }
  shareInGroups(s, meanOfDy.data());
  shareInGroups(s, meanOfProduct.data());
  inLanes(s.channels, [&](int64_t c, int width) __attribute__((always_inline)) {
    float center[lanes], factor[lanes], level[lanes], offset[lanes], curvature[lanes];
    for (int k = 0; k < width; k++) {
      center[k] = mean[c + k];
      factor[k] = slope[c + k];
      level[k] = relu ? shift[c + k] : 0;
      offset[k] = inverse[c + k] * meanOfDy[c + k];
      curvature[k] = inverse[c + k] * inverse[c + k] * meanOfProduct[c + k];
    }
    for (int64_t r = 0; r < s.rows; r++) {
      const int64_t at = r * s.channels + c;
      const float* __restrict from = x + at;
      const float* __restrict gradient = dy + at;
      float* __restrict to = dx + at;
      for (int k = 0; k < width; k++) {
        const float centered = from[k] - center[k];
        const float whole = gradient[k];
        const float passed = !relu || centered * factor[k] + level[k] > 0 ? whole : 0;
        to[k] = factor[k] * passed - (offset[k] + curvature[k] * centered);
      }
    }
  });
}

FOR_EACH_PROCESSOR
void gradientOfSet(const Sizes& s, const float* x, const float* dy, const float* scale, const float* mean,
                   const float* inverse, float* dx, float* dScale, float* dShift) {
  gradientOfRows<false>(s, x, dy, scale, nullptr, mean, inverse, dx, dScale, dShift);
}

FOR_EACH_PROCESSOR
void gradientOfReluSet(const Sizes& s, const float* x, const float* dy, const float* scale, const float* shift,
                       const float* mean, const float* inverse, float* dx, float* dScale, float* dShift) {
  gradientOfRows<true>(s, x, dy, scale, shift, mean, inverse, dx, dScale, dShift);
}

}  // namespace
`;
