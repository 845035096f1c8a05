#include "core/trace_file.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "core/file.h"

namespace minirun {
namespace {

// Behind the rows each step has its side and five texts, all ended by NUL.

Side side_of(const std::string& name) {
  for (Side side : {Side::host, Side::intermediate}) {
    if (name == side_name(side)) return side;
  }
  return Side::child;
}

Error trace_error(const char* call, int code, std::string note = "") {
  return {"trace", call, "the trace file", code, std::move(note)};
}

void put_text(std::string& all, const std::string& text) {
  all += text;
  all.push_back('\0');
}

/** Takes the next text off the front; what lacks its end is none. */
std::string take_text(std::string_view& texts) {
  size_t end = texts.find('\0');
  if (end == std::string_view::npos) return texts = {}, "";
  std::string text(texts.substr(0, end));
  texts.remove_prefix(end + 1);
  return text;
}

void copy_times(const TraceTimes& times, StepRecord& record) {
  record.state = static_cast<TraceRow::State>(times.state.load(std::memory_order_acquire));
  record.code = times.code;
  record.start_ns = times.start_ns;
  record.end_ns = times.end_ns;
}

void copy_row(const TraceRow& row, StepRecord& record) {
  record.failed_call.assign(row.call, ::strnlen(row.call, sizeof row.call));
  record.note.assign(row.note, ::strnlen(row.note, sizeof row.note));
}

template <class Part>
struct Copied {
  explicit Copied(const char* place) { std::memcpy(bytes, place, sizeof bytes); }
  const Part& get() const { return *reinterpret_cast<const Part*>(bytes); }
  alignas(Part) char bytes[sizeof(Part)];
};

template <class Predicate>
const StepRecord* find_child(const std::vector<StepRecord>& steps, Predicate holds) {
  auto found = std::find_if(steps.begin(), steps.end(), [&holds](const StepRecord& step) {
    return step.side == Side::child && holds(step);
  });
  return found == steps.end() ? nullptr : &*found;
}

}  // namespace

void TraceRecord::sort_by_start() {
  std::stable_sort(steps.begin(), steps.end(),
                   [](const StepRecord& a, const StepRecord& b) { return a.start_ns < b.start_ns; });
}

const StepRecord* TraceRecord::child_failed() const {
  return find_child(steps, [](const StepRecord& step) {
    return step.state == TraceRow::done && !step.failed_call.empty();
  });
}

const StepRecord* TraceRecord::child_running() const {
  return find_child(steps, [](const StepRecord& step) { return step.state == TraceRow::running; });
}

TraceRecord record_of(const Plan& plan) {
  TraceRecord trace;
  if (plan.trace() == nullptr) return trace;
  trace.origin_ns = plan.trace()->header().origin_ns;
  for (size_t i = 0; i < plan.steps().size(); ++i) {
    const Step& step = plan.steps()[i];
    StepRecord record{step.side, step.name, step.call, step.subject, step.arguments, step.setting};
    copy_times(plan.trace()->times(i), record);
    if (record.code != 0) copy_row(plan.trace()->row(i), record);
    trace.steps.push_back(std::move(record));
  }
  return trace;
}

Status write_trace_text(int file, const Plan& plan) {
  std::string texts;
  for (const Step& step : plan.steps()) {
    put_text(texts, side_name(step.side));
    for (const auto* text : {&step.name, &step.call, &step.subject, &step.arguments, &step.setting})
      put_text(texts, *text);
  }
  auto offset = static_cast<off_t>(plan.trace()->bytes());
  if (::pwrite(file, texts.data(), texts.size(), offset) != static_cast<ssize_t>(texts.size()))
    return trace_error("pwrite", errno);
  return {};
}

Result<TraceRecord> read_trace_file(int file) {
  if (::lseek(file, 0, SEEK_SET) < 0) return trace_error("lseek", errno);
  auto content = read_all(file, "the trace file");
  if (!content) return content.error();
  TraceHeader header{};
  if (content->size() < sizeof header) return trace_error("read", EINVAL, "it is cut off");
  std::memcpy(&header, content->data(), sizeof header);
  bool known = std::memcmp(header.magic, Trace::kMagic, sizeof Trace::kMagic) == 0;
  if (!known || header.row_bytes != Trace::kRowBytes)
    return trace_error("read", EINVAL, "another version of this program wrote it");
  size_t rows_end = Trace::bytes_of(header.rows);
  if (content->size() < rows_end) return trace_error("read", EINVAL, "it is cut off");

  TraceRecord trace;
  trace.origin_ns = header.origin_ns;
  std::string_view texts = std::string_view(*content).substr(rows_end);
  const char* times = content->data() + sizeof header;
  const char* rows = times + header.rows * sizeof(TraceTimes);
  for (size_t i = 0; i < header.rows && !texts.empty(); ++i) {
    StepRecord record;
    record.side = side_of(take_text(texts));
    for (auto* text : {&record.name, &record.call, &record.subject, &record.arguments, &record.setting})
      *text = take_text(texts);
    copy_times(Copied<TraceTimes>(times + i * sizeof(TraceTimes)).get(), record);
    copy_row(Copied<TraceRow>(rows + i * sizeof(TraceRow)).get(), record);
    trace.steps.push_back(std::move(record));
  }
  return trace;
}

}  // namespace minirun
