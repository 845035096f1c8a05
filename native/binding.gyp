{
  "variables": {
    # The unit tests are built where doctest is installed (Debian: doctest-dev).
    "with_tests%": "<!(test -e /usr/include/doctest/doctest.h && echo 1 || echo 0)",
    "code_flags": [
      "-std=c++20", "-O2", "-fno-exceptions", "-fstack-protector-strong", "-fstack-clash-protection",
      "-ffunction-sections", "-fdata-sections"
    ],
    # Every file of a folder belongs to its target; after adding one: node-gyp configure -C native.
    "core_sources": ["<!@(ls core/*.cc)"],
    "oci_sources": ["<!@(ls oci/*.cc)"],
    "shim_sources": ["<!@(ls shim/*.cc | grep -v main.cc)"],
    "runtime_sources": ["<!@(ls runtime/*.cc | grep -v main.cc)"]
  },
  "target_defaults": {
    "include_dirs": ["."],
    "defines": ["_GNU_SOURCE", "_FORTIFY_SOURCE=2", "JSON_NOEXCEPTION"],
    "cflags_cc!": ["-std=gnu++17"],
    # GCC 12 takes the joining of two strings for an overrun where it comes from a precompiled header.
    "cflags_cc": [
      "<@(code_flags)", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-Wno-array-bounds",
      "-include", "<(SHARED_INTERMEDIATE_DIR)/standard.h"
    ]
  },
  "targets": [
    {
      # With the flags that node-gyp adds: a precompiled header fits only code that is compiled alike.
      "target_name": "standard",
      "type": "none",
      "actions": [{
        "action_name": "precompile",
        "inputs": ["standard.h", "precompile.sh"],
        "outputs": ["<(SHARED_INTERMEDIATE_DIR)/standard.h"],
        "action": [
          "./precompile.sh", "standard.h", "<(SHARED_INTERMEDIATE_DIR)", "<@(code_flags)",
          "-fPIC", "-pthread", "-fno-omit-frame-pointer", "-fno-rtti", "-D_GNU_SOURCE", "-D_FORTIFY_SOURCE=2",
          "-D_GLIBCXX_USE_CXX11_ABI=1", "-D_FILE_OFFSET_BITS=64", "-D_LARGEFILE_SOURCE", "-D__STDC_FORMAT_MACROS"
        ]
      }]
    },
    {
      "target_name": "native_core",
      "type": "static_library",
      "dependencies": ["standard"],
      "cflags": ["-fPIC"],
      "sources": ["<@(core_sources)", "<@(oci_sources)", "<@(shim_sources)", "<@(runtime_sources)"]
    },
    {
      "target_name": "minirun-shim",
      "type": "executable",
      "dependencies": ["standard", "native_core"],
      "sources": ["shim/main.cc"],
      "cflags_cc!": ["-fPIC"],
      "ldflags": ["-static", "-s", "-Wl,--gc-sections,-z,relro,-z,now,-z,noexecstack"],
      "libraries": ["-l:libseccomp.a"]
    },
    {
      "target_name": "minirun-oci",
      "type": "executable",
      "dependencies": ["standard", "native_core"],
      "sources": ["runtime/main.cc"],
      "cflags_cc!": ["-fPIC"],
      "ldflags": ["-static", "-s", "-Wl,--gc-sections,-z,relro,-z,now,-z,noexecstack"],
      "libraries": ["-l:libseccomp.a"],
      "conditions": [
        # runtime/early_entry.cc
        ["target_arch=='x64'", { "ldflags": ["-Wl,-e,minirun_oci_entry,-u,minirun_oci_entry"] }]
      ]
    },
    {
      "target_name": "minirun-try-system-call",
      "type": "executable",
      "dependencies": ["standard"],
      "sources": ["scratch/try-system-call.cc"],
      "cflags_cc!": ["-fPIC"],
      "ldflags": ["-static", "-s", "-Wl,-z,relro,-z,now,-z,noexecstack"]
    },
    {
      "target_name": "lab-fork",
      "type": "executable",
      "sources": ["labs/fork.cc"],
      "includes": ["labs/lab.gypi"]
    },
    {
      "target_name": "lab-pid-namespaces",
      "type": "executable",
      "sources": ["labs/pid-namespaces.cc"],
      "includes": ["labs/lab.gypi"]
    },
    {
      "target_name": "lab-chroot",
      "type": "executable",
      "sources": ["labs/chroot.cc"],
      "includes": ["labs/lab.gypi"]
    },
    {
      "target_name": "lab-user-namespaces",
      "type": "executable",
      "sources": ["labs/user-namespaces.cc"],
      "includes": ["labs/lab.gypi"]
    },
    {
      "target_name": "lab-capabilities",
      "type": "executable",
      "sources": ["labs/capabilities.cc"],
      "includes": ["labs/lab.gypi"]
    },
    {
      "target_name": "lab-seccomp",
      "type": "executable",
      "sources": ["labs/seccomp.cc"],
      "includes": ["labs/lab.gypi"]
    },
    {
      "target_name": "lab-overlayfs",
      "type": "executable",
      "sources": ["labs/overlayfs.cc"],
      "includes": ["labs/lab.gypi"]
    },
    {
      "target_name": "lab-cgroup-limits",
      "type": "executable",
      "sources": ["labs/cgroup-limits.cc"],
      "includes": ["labs/lab.gypi"]
    },
    {
      "target_name": "minirun",
      "type": "loadable_module",
      "dependencies": ["standard", "native_core"],
      "sources": ["<!@(ls addon/*.cc)"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=9", "NAPI_DISABLE_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"],
      "ldflags": ["-Wl,-z,relro,-z,now,-z,noexecstack"],
      "libraries": ["-l:libseccomp.a"]
    }
  ],
  "conditions": [
    ["with_tests==1", {
      "targets": [
        {
          "target_name": "minirun-native-test",
          "type": "executable",
          "dependencies": ["standard", "native_core"],
          "sources": ["<!@(ls test/*.cc)"],
          "defines": ["DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS"],
          "ldflags": ["-static"],
          "libraries": ["-l:libseccomp.a"]
        },
        {
          # Containers in control groups; static, because it is its containers' program too.
          "target_name": "minirun-kernel-test",
          "type": "executable",
          "dependencies": ["standard", "native_core"],
          "sources": ["<!@(ls test/kernel/*.cc)"],
          "defines": ["DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS"],
          "ldflags": ["-static"],
          "libraries": ["-l:libseccomp.a"]
        }
      ]
    }]
  ]
}
