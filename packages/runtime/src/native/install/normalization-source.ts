/**
 * Operations of InterSeg for TensorFlow, linked into the binding: instance and group normalisation and its gradient, in
 * two passes over memory where TensorFlow's own operations take nine and more. A set is standardised by one thread, so
 * that it stays in the cache between the passes. The inputs and outputs are those of `FusedNormalization` and
 * `FusedNormalizationGrad` of the other engines.
 */
export const normalization = `#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

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

int64_t threadsToUse() {
  static const int64_t threads = [] {
    const char* given = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int64_t number = given == nullptr ? 0 : std::atoi(given);
    return number > 0 ? number : std::max<int64_t>(1, std::thread::hardware_concurrency());
  }();
  return threads;
}

// Works on each set, on several threads where there is enough to do for each.
void onSets(const Sizes& s, const std::function<void(int64_t)>& work) {
  const int64_t useful = s.sets * s.values() / 100000;
  const int64_t threads = std::max<int64_t>(1, std::min({threadsToUse(), s.sets, useful}));
  const auto part = [&](int64_t thread) {
    for (int64_t set = thread; set < s.sets; set += threads) work(set);
  };
  std::vector<std::thread> others;
  for (int64_t thread = 1; thread < threads; thread++) others.emplace_back(part, thread);
  part(0);
  for (auto& other : others) other.join();
}

struct Attributes {
  float epsilon = 0;
  int64_t group = 1;
  unsigned char relu = 0;
};

struct Outputs {
  float *whole, *first, *second;
};

// What a call allocates and may fail at; all is released in the end.
class Call {
 public:
  Call(TF_OpKernelContext* context, const Attributes& attributes, int inputs)
      : context_(context), status_(TF_NewStatus()), inputs_(inputs, nullptr) {
    for (int k = 0; k < inputs && isOk(); k++) TF_GetInput(context, k, &inputs_[k], status_);
    if (!isOk()) return;
    const TF_Tensor* x = inputs_[0];
    if (TF_NumDims(x) != 3) {
      fail("x must be [sets, positions, channels]");
      return;
    }
    sizes_ = {TF_Dim(x, 0), TF_Dim(x, 1), TF_Dim(x, 2), attributes.group};
    if (sizes_.group < 1 || sizes_.channels % sizes_.group != 0) fail("groups must divide the channels");
  }
  ~Call() {
    if (!isOk()) TF_OpKernelContext_Failure(context_, status_);
    for (TF_Tensor* one : inputs_) if (one != nullptr) TF_DeleteTensor(one);
    for (TF_Tensor* one : outputs_) if (one != nullptr) TF_DeleteTensor(one);
    TF_DeleteStatus(status_);
  }
  bool isOk() const { return TF_GetCode(status_) == TF_OK; }
  const Sizes& sizes() const { return sizes_; }
  // Checks the number of values, so that nothing is read beyond them.
  const float* input(int index, int64_t values) {
    if (isOk() && TF_TensorElementCount(inputs_[index]) != values) fail("an input has another size than x asks for");
    return isOk() ? static_cast<const float*>(TF_TensorData(inputs_[index])) : nullptr;
  }
  // One of the shape of x, and two of [sets, channels], as each operation gives.
  Outputs outputs() {
    const Sizes& s = sizes_;
    return {output(0, {s.sets, s.rows, s.channels}), output(1, {s.sets, s.channels}), output(2, {s.sets, s.channels})};
  }

 private:
  float* output(int index, const std::vector<int64_t>& shape) {
    if (!isOk()) return nullptr;
    int64_t values = 1;
    for (const int64_t size : shape) values *= size;
    TF_Tensor* made = TF_AllocateOutput(context_, index, TF_FLOAT, shape.data(), static_cast<int>(shape.size()),
                                        values * sizeof(float), status_);
    outputs_.push_back(made);
    return isOk() ? static_cast<float*>(TF_TensorData(made)) : nullptr;
  }
  void fail(const char* message) { TF_SetStatus(status_, TF_INVALID_ARGUMENT, message); }
  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> inputs_, outputs_;
  Sizes sizes_{};
};

void* createKernel(TF_OpKernelConstruction* construction) {
  auto* attributes = new Attributes;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrInt64(construction, "group_size", &attributes->group, status);
  const auto isOk = [&] { return TF_GetCode(status) == TF_OK; };
  if (isOk()) TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", &attributes->epsilon, status);
  if (isOk()) TF_OpKernelConstruction_GetAttrBool(construction, "relu", &attributes->relu, status);
  if (!isOk()) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
  return attributes;
}

void deleteKernel(void* kernel) { delete static_cast<Attributes*>(kernel); }

void normalize(void* kernel, TF_OpKernelContext* context) {
  const auto& attributes = *static_cast<Attributes*>(kernel);
  Call call(context, attributes, 3);
  const Sizes& s = call.sizes();
  const float* x = call.input(0, s.sets * s.values());
  const float* scale = call.input(1, s.channels);
  const float* shift = call.input(2, s.channels);
  const Outputs made = call.outputs();
  if (!call.isOk()) return;
  onSets(s, [&](int64_t set) {
    const int64_t at = set * s.values(), c = set * s.channels;
    const auto onSet = attributes.relu ? normalizeReluSet : normalizeSet;
    onSet(s, attributes.epsilon, x + at, scale, shift, made.whole + at, made.first + c, made.second + c);
  });
}

// With a ReLU there is a sixth input, the shift.
template <bool relu>
void computeGradient(void* kernel, TF_OpKernelContext* context) {
  Call call(context, *static_cast<Attributes*>(kernel), relu ? 6 : 5);
  const Sizes& s = call.sizes();
  const float* x = call.input(0, s.sets * s.values());
  const float* dy = call.input(1, s.sets * s.values());
  const float* scale = call.input(2, s.channels);
  const float* mean = call.input(3, s.sets * s.channels);
  const float* inverse = call.input(4, s.sets * s.channels);
  const float* shift = relu ? call.input(5, s.channels) : nullptr;
  const Outputs made = call.outputs();
  if (!call.isOk()) return;
  onSets(s, [&](int64_t set) {
    const int64_t at = set * s.values(), c = set * s.channels;
    float *dx = made.whole + at, *dScale = made.first + c, *dShift = made.second + c;
    if (relu)
      gradientOfReluSet(s, x + at, dy + at, scale, shift, mean + c, inverse + c, dx, dScale, dShift);
    else
      gradientOfSet(s, x + at, dy + at, scale, mean + c, inverse + c, dx, dScale, dShift);
  });
}

// The first output has the shape of x, the others are [sets, channels].
void inferShapes(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
  TF_ShapeHandle* x = TF_NewShapeHandle();
  if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextGetInput(context, 0, x, status);
  if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextSetOutput(context, 0, x, status);
  TF_DeleteShapeHandle(x);
}

bool add(const char* name, const std::vector<const char*>& inputs, const std::vector<const char*>& outputs,
         void (*compute)(void*, TF_OpKernelContext*)) {
  TF_Status* status = TF_NewStatus();
  TF_OpDefinitionBuilder* operation = TF_NewOpDefinitionBuilder(name);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(operation, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(operation, output);
  for (const char* attribute : {"epsilon: float = 1e-5", "group_size: int = 1", "relu: bool = false"})
    TF_OpDefinitionBuilderAddAttr(operation, attribute);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(operation, &inferShapes);
  TF_RegisterOpDefinition(operation, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", &createKernel, compute, &deleteKernel);
    TF_RegisterKernelBuilder(name, kernel, status);
  }
  const bool isAdded = TF_GetCode(status) == TF_OK;
  TF_DeleteStatus(status);
  return isAdded;
}

const bool added =
    add("InterSegNormalization", {"x: float", "scale: float", "shift: float"},
        {"y: float", "mean: float", "inverse: float"}, &normalize) &&
    add("InterSegNormalizationGrad", {"x: float", "dy: float", "scale: float", "mean: float", "inverse: float"},
        {"dx: float", "d_scale: float", "d_shift: float"}, &computeGradient<false>) &&
    add("InterSegNormalizationReluGrad",
        {"x: float", "dy: float", "scale: float", "mean: float", "inverse: float", "shift: float"},
        {"dx: float", "d_scale: float", "d_shift: float"}, &computeGradient<true>);

}  // namespace
`;
