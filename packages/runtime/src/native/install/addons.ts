/**
 * TensorFlow logs by absl, which ignores environment variables until a program makes it read them. Linked into the
 * binding.
 */
export const logLevel = `#include <cstdlib>
#include "absl/log/globals.h"
static const bool told = [] {
  const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  if (level != nullptr) absl::SetMinLogLevel(static_cast<absl::LogSeverityAtLeast>(std::atoi(level)));
  return true;
}();
`;

/**
 * An addon that closes and reopens the standard error: while TensorFlow's library loads, it prints how oneDNN rounds,
 * before a program can prevent it. A failure to load is an exception all the same.
 */
export const mute = `#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>
static int kept = -1;
static napi_value Mute(napi_env, napi_callback_info) {
  int nothing = kept == -1 ? open("/dev/null", O_WRONLY) : -1;
  if (nothing == -1) return nullptr;
  kept = dup(2);
  dup2(nothing, 2);
  close(nothing);
  return nullptr;
}
static napi_value Unmute(napi_env, napi_callback_info) {
  if (kept == -1) return nullptr;
  dup2(kept, 2);
  close(kept);
  kept = -1;
  return nullptr;
}
static napi_value Init(napi_env env, napi_value exports) {
  napi_value function;
  napi_create_function(env, "mute", NAPI_AUTO_LENGTH, Mute, nullptr, &function);
  napi_set_named_property(env, exports, "mute", function);
  napi_create_function(env, "unmute", NAPI_AUTO_LENGTH, Unmute, nullptr, &function);
  napi_set_named_property(env, exports, "unmute", function);
  return exports;
}
NAPI_MODULE(mute, Init)
`;
