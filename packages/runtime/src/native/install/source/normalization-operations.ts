/**
 * Operations of InterSeg for TensorFlow, linked into the binding: each standardises its sets by the functions of
 * `normalization-arithmetic.ts`, a set by one thread, so that it stays in the cache between the passes. Inputs and outputs
 * are those of `FusedNormalization` and `FusedNormalizationGrad` of the other engines.
 */
export const operations = `#include <cstdlib>
#include <functional>
#include <thread>
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace {

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
