{
  "variables": {
    # The unit tests are built where doctest is installed (Debian: doctest-dev).
    "with_tests%": "<!(test -e /usr/include/doctest/doctest.h && echo 1 || echo 0)",
    "core_sources": [
      "core/beneath.cc", "core/capabilities.cc", "core/cgroup.cc", "core/cgroup_live.cc", "core/cgroup_plan.cc",
      "core/cgroup_v1.cc", "core/cgroup_v2.cc", "core/command.cc", "core/contained_process.cc", "core/container.cc",
      "core/container_processes.cc", "core/container_root.cc", "core/devices.cc", "core/entry.cc",
      "core/exec_process.cc", "core/file.cc", "core/gate.cc",
      "core/masks.cc", "core/mounts.cc", "core/namespaces.cc", "core/network.cc", "core/plan.cc",
      "core/probe.cc", "core/process.cc", "core/procfs.cc", "core/remove_tree.cc", "core/result.cc", "core/rootfs.cc", "core/seccomp.cc",
      "core/statistics.cc", "core/statistics_files.cc", "core/terminal.cc", "core/trace.cc", "core/trace_file.cc"
    ],
    "oci_sources": ["oci/config.cc", "oci/mount.cc", "oci/process.cc", "oci/reader.cc", "oci/seccomp.cc"],
    "shim_sources": [
      "shim/client.cc", "shim/event_loop.cc", "shim/explain.cc", "shim/frame.cc", "shim/options.cc",
      "shim/output_log.cc", "shim/report.cc", "shim/ring.cc", "shim/session.cc"
    ]
  },
  "target_defaults": {
    "include_dirs": ["."],
    "defines": ["_GNU_SOURCE", "_FORTIFY_SOURCE=2", "JSON_NOEXCEPTION"],
    "cflags_cc!": ["-std=gnu++17"],
    "cflags_cc": [
      "-std=c++20", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers",
      "-fno-exceptions", "-fstack-protector-strong", "-fstack-clash-protection"
    ]
  },
  "targets": [
    {
      "target_name": "native_core",
      "type": "static_library",
      "cflags": ["-fPIC"],
      "sources": ["<@(core_sources)", "<@(oci_sources)", "<@(shim_sources)"]
    },
    {
      "target_name": "minirun-shim",
      "type": "executable",
      "dependencies": ["native_core"],
      "sources": ["shim/main.cc"],
      "cflags_cc!": ["-fPIC"],
      "ldflags": ["-static", "-s", "-Wl,-z,relro,-z,now,-z,noexecstack"],
      "libraries": ["-l:libseccomp.a"]
    },
    {
      "target_name": "minirun",
      "type": "loadable_module",
      "dependencies": ["native_core"],
      "sources": [
        "addon/addon.cc", "addon/arguments.cc", "addon/files.cc", "addon/instance.cc", "addon/reactor.cc",
        "addon/statistics.cc"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=9", "NAPI_DISABLE_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"],
      "ldflags": ["-Wl,-z,relro,-z,now,-z,noexecstack"]
    }
  ],
  "conditions": [
    ["with_tests==1", {
      "targets": [
        {
          "target_name": "minirun-native-test",
          "type": "executable",
          "dependencies": ["native_core"],
          "sources": [
            "test/beneath_test.cc", "test/container_test.cc", "test/entry_test.cc", "test/exec_process_test.cc",
            "test/frame_test.cc", "test/gate_test.cc", "test/host_test.cc", "test/main.cc", "test/oci_test.cc", "test/options_test.cc",
            "test/output_log_test.cc", "test/plan_test.cc",
            "test/ring_test.cc", "test/seccomp_test.cc", "test/statistics_test.cc"
          ],
          "defines": ["DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS"],
          "ldflags": ["-static"],
          "libraries": ["-l:libseccomp.a"]
        }
      ]
    }]
  ]
}
