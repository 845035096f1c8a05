#include "core/statistics.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "core/statistics_files.h"

using minirun::Figure;
using minirun::Sample;

namespace {

/** Reads the text of one of a version's files. */
void read(int version, const char* name, const char* text, Sample& sample) {
  for (const auto& file : minirun::figure_files(version)) {
    if (std::strcmp(file.name, name) == 0) file.read(text, sample);
  }
}

}  // namespace

TEST_CASE("a sample knows nothing until it is told") {
  Sample sample;
  for (double value : sample.values()) CHECK(std::isnan(value));
  sample.add(Figure::read_bytes, 1);
  sample.add(Figure::read_bytes, 2);
  CHECK(sample[Figure::read_bytes] == 3);
}

TEST_CASE("v2's files are read as the kernel writes them") {
  Sample sample;
  read(2, "cpu.stat",
       "usage_usec 5000\nuser_usec 1\nnr_periods 7\nnr_throttled 3\nthrottled_usec 9\nnr_bursts 0\n", sample);
  CHECK(sample[Figure::cpu_usage_ns] == 5'000'000);
  CHECK(sample[Figure::cpu_periods] == 7);
  CHECK(sample[Figure::cpu_throttled_periods] == 3);
  CHECK(sample[Figure::cpu_throttled_ns] == 9'000);
  read(2, "cpu.max", "50000 100000\n", sample);
  CHECK(sample[Figure::cpu_limit_cores] == 0.5);
  read(2, "memory.stat", "anon 4096\nfile 8192\nkernel 100\nkernel_stack 1\n", sample);
  CHECK(sample[Figure::memory_anon] == 4096);
  CHECK(sample[Figure::memory_file] == 8192);
  CHECK(sample[Figure::memory_kernel] == 100);
  read(2, "memory.max", "max\n", sample);
  CHECK(std::isnan(sample[Figure::memory_limit]));
  read(2, "memory.events", "low 0\nhigh 0\nmax 5\noom 1\noom_kill 2\n", sample);
  CHECK(sample[Figure::oom_kills] == 2);
  read(2, "io.stat",
       "8:0 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=0 dios=0\n7:0 \n8:16 rbytes=1 wbytes=2 rios=3 wios=4\n",
       sample);
  CHECK(sample[Figure::read_bytes] == 11);
  CHECK(sample[Figure::write_bytes] == 22);
  CHECK(sample[Figure::read_operations] == 4);
  CHECK(sample[Figure::write_operations] == 6);
  read(2, "memory.pressure",
       "some avg10=1.25 avg60=0.00 avg300=0.00 total=1\nfull avg10=0.50 avg60=0.00 avg300=0.00 total=1\n",
       sample);
  CHECK(sample[Figure::memory_some] == 1.25);
  CHECK(sample[Figure::memory_full] == 0.5);
}

TEST_CASE("v2: a container that has read nothing yet has read 0 bytes, and no limit is none") {
  Sample sample;
  read(2, "io.stat", "", sample);
  CHECK(sample[Figure::read_bytes] == 0);
  read(2, "cpu.max", "max 100000\n", sample);
  CHECK(std::isnan(sample[Figure::cpu_limit_cores]));
}

TEST_CASE("v1's files are read as the kernel writes them") {
  Sample sample;
  read(1, "cpuacct.usage", "123456789\n", sample);
  CHECK(sample[Figure::cpu_usage_ns] == 123456789);
  read(1, "cpu.cfs_quota_us", "150000\n", sample);
  read(1, "cpu.cfs_period_us", "100000\n", sample);
  CHECK(sample[Figure::cpu_limit_cores] == 1.5);
  read(1, "memory.stat", "cache 1\nrss 2\ntotal_cache 30\ntotal_rss 40\ntotal_swap 50\n", sample);
  CHECK(sample[Figure::memory_file] == 30);
  CHECK(sample[Figure::memory_anon] == 40);
  CHECK(sample[Figure::memory_swap] == 50);
  read(1, "memory.limit_in_bytes", "9223372036854771712\n", sample);
  CHECK(std::isnan(sample[Figure::memory_limit]));
  read(1, "blkio.throttle.io_service_bytes_recursive",
       "8:0 Read 100\n8:0 Write 200\n8:0 Sync 300\n8:16 Read 1\n8:16 Write 2\nTotal 303\n", sample);
  CHECK(sample[Figure::read_bytes] == 101);
  CHECK(sample[Figure::write_bytes] == 202);
  Sample unlimited;
  read(1, "cpu.cfs_quota_us", "-1\n", unlimited);
  read(1, "cpu.cfs_period_us", "100000\n", unlimited);
  CHECK(std::isnan(unlimited[Figure::cpu_limit_cores]));
}

TEST_CASE("network counters are summed over the interfaces, also where no blank follows the colon") {
  Sample sample;
  minirun::read_network(
      "Inter-|   Receive                                                |  Transmit\n"
      " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo "
      "colls\n"
      "    lo:     100       2    0    0    0     0          0         0      300       4    0    0    0\n"
      "  eth0:1000000000 5 0 0 0 0 0 0 7 8 0 0 0 0 0 0\n",
      sample);
  CHECK(sample[Figure::received_bytes] == 1'000'000'100);
  CHECK(sample[Figure::received_packets] == 7);
  CHECK(sample[Figure::sent_bytes] == 307);
  CHECK(sample[Figure::sent_packets] == 12);
}

TEST_CASE("a group that is not there is measured as nothing, and so is a process that has ended") {
  minirun::StatisticsSampler sampler(minirun::find_cgroups());
  auto samples = sampler.sample({{"/minirun-test-nothing/here", 1, "no start time"}});
  REQUIRE(samples.size() == 1);
  CHECK(samples[0][Figure::monotonic_ns] > 0);
  CHECK(std::isnan(samples[0][Figure::memory_current]));
  CHECK(std::isnan(samples[0][Figure::received_bytes]));
}
