#include "addon/instance.h"

namespace minirun::addon {

Instance& instance(Napi::Env env) {
  return *env.GetInstanceData<Instance>();
}

Napi::Value promise_of(Napi::Env env, std::function<Status()> work) {
  auto deferred = Napi::Promise::Deferred::New(env);
  auto done = [deferred](Napi::Env later, Status status) {
    if (!status) return deferred.Reject(to_js(later, status.error()).Value());
    deferred.Resolve(later.Undefined());
  };
  instance(env).reactor.run(std::move(work), done);
  return deferred.Promise();
}

}  // namespace minirun::addon
