#pragma once

#include <napi.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "addon/arguments.h"
#include "addon/reactor.h"
#include "core/statistics.h"

namespace minirun::addon {

/** The sampler with the lock that one measurement holds. */
struct SharedSampler {
  explicit SharedSampler(CgroupHost host) : sampler(std::move(host)) {}
  std::mutex mutex;
  StatisticsSampler sampler;
};

/** What an environment owns. */
struct Instance {
  explicit Instance(Napi::Env env) : reactor(env) {}
  Reactor reactor;
  std::map<std::string, UniqueFd> images;  ///< sealed copies of the binaries that it has spawned
  std::shared_ptr<SharedSampler> sampler;  ///< made by the first measurement
};

Instance& instance(Napi::Env env);

/** Runs something long on a thread of its own and gives a promise for its end. */
Napi::Value promise_of(Napi::Env env, std::function<Status()> work);

/** The same for a value: `work` makes it on the thread, `convert` hands it to JavaScript. */
template <class T>
Napi::Value promise_of(Napi::Env env, std::function<Result<T>()> work,
                       std::function<Napi::Value(Napi::Env, T&)> convert) {
  auto deferred = Napi::Promise::Deferred::New(env);
  auto made = std::make_shared<std::optional<T>>();
  auto run = [work = std::move(work), made]() -> Status {
    auto result = work();
    if (!result) return result.error();
    made->emplace(std::move(*result));
    return {};
  };
  auto done = [deferred, made, convert = std::move(convert)](Napi::Env later, Status status) {
    if (!status) return deferred.Reject(to_js(later, status.error()).Value());
    deferred.Resolve(convert(later, **made));
  };
  instance(env).reactor.run(std::move(run), std::move(done));
  return deferred.Promise();
}

}  // namespace minirun::addon
