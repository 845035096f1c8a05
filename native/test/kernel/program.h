#pragma once

namespace minirun {

/**
 * What this program does as a container's:
 *
 *   sleep                    nothing, for ever
 *   spin                     uses a processor, for ever
 *   use-memory BYTES         writes "used" once it has so much, and keeps it
 *   fork COUNT               writes how many children it could make; they sleep
 *   fork-forever             makes a child that makes a child …, each ending at once
 *   open PATH r|w            writes "ok" or the error's name
 *   stat PATH…               writes type, numbers, mode and owners of each: "c 10:229 666 0:0"
 *   mknod PATH MAJOR MINOR   the same of a character device
 *   read PATH BYTES          writes the milliseconds that reading took, past the page cache
 *   nest DEPTH               makes a group in its own one, in that another …, moves to the last and sleeps
 */
int run_program(int argc, char** argv);

}  // namespace minirun
