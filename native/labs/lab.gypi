{
  # Static, because a lab's container has no C++ library; what a student compiles alone needs none of this.
  "dependencies": ["standard"],
  "cflags_cc!": ["-fPIC"],
  "ldflags": ["-static", "-s"]
}
