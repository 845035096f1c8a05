// Runs commands in turn and measures each from its spawn to its end.
//   measure ROUNDS PAUSE_MS PARALLEL [-3 FILE] COMMAND... [-- [-3 FILE] COMMAND...]...
// In every word {} becomes a number that no other start has. -3 opens a file as descriptor 3 of that command. With PARALLEL
// above 1 each command is started ROUNDS times, so many at a time, and the wall time of all is measured as well.
// Prints a line for each start, `COMMAND MICROSECONDS PEAK_KIB EXIT_CODE`, and for each parallel run `COMMAND all MICROSECONDS`.
// It is small, so that the peak of a child isn't this program's own before it executes: vfork shares the memory.

#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_COMMANDS = 32, MOST_WORDS = 64, MOST_PARALLEL = 64, WORD = 512 };

struct command {
  const char* third;
  char* words[MOST_WORDS];
};

struct running {
  pid_t pid;
  double began;
};

static struct command commands[MOST_COMMANDS];
static int count;
static unsigned long started;
static char texts[MOST_WORDS][WORD];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void read_commands(char** word) {
  for (; *word != NULL; ++count) {
    int length = 0;
    if (strcmp(*word, "-3") == 0) {
      commands[count].third = word[1];
      word += 2;
    }
    while (*word != NULL && strcmp(*word, "--") != 0) commands[count].words[length++] = *word++;
    if (*word != NULL) ++word;
  }
}

/** The command's words with this start's number. */
static void number_words(const struct command* command, char** words) {
  int i = 0;
  ++started;
  for (; command->words[i] != NULL; ++i) {
    const char* place = strstr(command->words[i], "{}");
    words[i] = command->words[i];
    if (place == NULL) continue;
    snprintf(texts[i], WORD, "%.*s%lu%s", (int)(place - command->words[i]), command->words[i], started, place + 2);
    words[i] = texts[i];
  }
  words[i] = NULL;
}

static struct running start(const struct command* command) {
  char* words[MOST_WORDS];
  number_words(command, words);
  struct running running = {0, now()};
  running.pid = vfork();
  if (running.pid != 0) return running;
  if (command->third != NULL) {
    int file = open(command->third, O_RDONLY);
    if (file != 3 && (dup2(file, 3) < 0 || close(file) < 0)) _exit(125);
  }
  execv(words[0], words);
  _exit(126);
}

static void report(int which, double began, int status, const struct rusage* usage) {
  printf("%d %.1f %ld %d\n", which, now() - began, usage->ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 255);
}

static void run_in_turn(int rounds, int pause_ms) {
  for (int round = 0; round < rounds; ++round) {
    for (int which = 0; which < count; ++which) {
      struct rusage usage;
      int status;
      struct running running = start(&commands[which]);
      wait4(running.pid, &status, 0, &usage);
      report(which, running.began, status, &usage);
      if (pause_ms > 0) usleep((useconds_t)pause_ms * 1000);
    }
  }
}

static void run_parallel(int which, int rounds, int parallel) {
  struct running all[MOST_PARALLEL] = {{0, 0}};
  int begun = 0;
  double from = now();
  for (int ended = 0; ended < rounds;) {
    int slot = 0;
    while (slot < parallel && all[slot].pid != 0) ++slot;
    if (slot < parallel && begun < rounds) {
      all[slot] = start(&commands[which]);
      ++begun;
      continue;
    }
    struct rusage usage;
    int status;
    pid_t pid = wait4(-1, &status, 0, &usage);
    for (slot = 0; slot < parallel && all[slot].pid != pid; ++slot) {
    }
    if (slot == parallel) continue;
    report(which, all[slot].began, status, &usage);
    all[slot].pid = 0;
    ++ended;
  }
  printf("%d all %.1f\n", which, now() - from);
}

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  int rounds = atoi(argv[1]);
  int parallel = atoi(argv[3]);
  read_commands(argv + 4);
  if (parallel < 2) {
    run_in_turn(rounds, atoi(argv[2]));
  } else {
    for (int which = 0; which < count; ++which) run_parallel(which, rounds, parallel > MOST_PARALLEL ? MOST_PARALLEL : parallel);
  }
  return 0;
}
