#pragma once

#include <string>

#include "core/contained_process.h"
#include "core/masks.h"
#include "core/mounts.h"
#include "core/namespaces.h"
#include "core/rootfs.h"

namespace minirun {

/** One container, from its specification to its end, by its first process. */
class Container final : public ContainedProcess {
 public:
  Container(ContainerSpec spec, LaunchOptions options);
  /** A container that was created and never started is killed and removed; a started one is left alone. */
  ~Container() override;

  /** Kills whatever the container still has and removes its control group. One that create() did not come to
   * make, or refused for it is in use, is somebody else's and stays as it is. */
  Status destroy() override;
  Status end_rest() override;
  Status signal_all(int signal) const override;
  Reach reach_of_all(int signal) const override;
  uint64_t oom_kills(const ExitStatus& exit) const override;

 private:
  static constexpr Traits kFirst{"the container's first process", "minirun:init", -1};

  Container(ContainerSpec spec, const CgroupHost& host, LaunchOptions options);
  Status make_plan() override;
  void plan_meanwhile() override;
  void plan_started() override;
  int root() const override { return rootfs_.root.get(); }
  void plan_child();
  void plan_streams();
  void plan_hiding(Side side);
  void plan_attributes();
  /** The tree of the mount that `is` picks; null where there is none. */
  const UniqueFd* tree_of(bool (*is)(const MountSpec&)) const;

  UserNamespace user_;
  JoinedNamespaces joined_;
  TreeMaker maker_;        ///< of the root and what it takes the host's privileges for
  TreeMaker mount_maker_;  ///< of the mounts in it
  PidText creating_;
  PidText created_;
  UniqueFd procfs_;
  Rootfs rootfs_;
  Masks masks_;
  MountTrees trees_;
};

}  // namespace minirun
