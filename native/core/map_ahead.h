#pragma once

#include <cstddef>

namespace minirun {

// Has the kernel map, by one call (madvise(2), MADV_POPULATE_READ and _WRITE, Linux 5.14), what a start is
// going to touch in any case. Each page that is mapped because a process has come upon it costs a fault, and
// a virtual machine can make a fault ten times as dear as the page: where it does, faults were an eighth of a
// start. A kernel that doesn't know the call leaves everything as it is. Each sets errno at most, so that the
// child of a clone may use it.

/** Memory that is going to be written to. */
void map_ahead(const void* from, size_t bytes);

/** The program's code. A child of a clone finds none of its parent's mapped. */
void map_code_ahead();

/** Some pages of the stack, from here on. */
void map_stack_ahead();

/** The memory that malloc is going to give away next, of what it has got from the kernel. */
void map_heap_ahead();

}  // namespace minirun
