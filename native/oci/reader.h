#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace minirun::oci {

/** What is wrong with a document, and where: a JSON pointer (RFC 6901). */
struct Problem {
  std::string pointer;
  std::string message;
};

/**
 * A place in a JSON document that knows its own pointer. Reading never throws: a value of the wrong type puts
 * the first Problem into the slot that all fields of a document share, and reads as a default. So a parser
 * reads straight through and looks once, at its end, whether there was a problem.
 */
class Field {
 public:
  Field(const nlohmann::json* value, std::string pointer, std::optional<Problem>* problem)
      : value_(value), pointer_(std::move(pointer)), problem_(problem) {}

  /** The member `key`; absent when there is none, or when this isn't an object. */
  Field operator[](const std::string& key) const;

  /** Whether there is a value that says something: null, "", [] and {} do not. */
  bool present() const;
  const std::string& pointer() const { return pointer_; }
  /** The value as JSON text, its members in order of their names. */
  std::string text() const;

  std::string string(const std::string& absent = "") const;
  bool boolean(bool absent = false) const;
  int64_t integer(int64_t lowest, int64_t highest, int64_t absent = 0) const;
  /** A number that may use all 64 bits, as resource limits and seccomp arguments do. */
  uint64_t unsigned_integer(uint64_t absent = 0) const;
  std::vector<Field> items() const;
  /** The names of an object's members. */
  std::vector<std::string> keys() const;
  /** The members of an object by their names. */
  std::vector<std::pair<std::string, Field>> members() const;
  std::vector<std::string> strings() const;
  /** A string that has to be there and not empty. */
  std::string required_string() const;
  /** A path without ".." parts, made absolute by a prefix where it isn't; empty when absent. */
  std::string path_beneath(const std::string& prefix) const;
  /** An absolute path without ".." parts; empty when absent. */
  std::string absolute_path(const std::string& absent = "") const;

  /** Records a problem with this field, unless there was one before. */
  void refuse(const std::string& message) const;
  /** Refuses a field of the specification that is not supported, if it is present. */
  void refuse_if_present(const std::string& what) const;

 private:
  void expect(const char* what) const;

  const nlohmann::json* value_;
  std::string pointer_;
  std::optional<Problem>* problem_;
};

/**
 * A JSON text that was parsed, and the first problem that its fields met. A text that isn't a JSON object has
 * a problem from the start, and its root is absent.
 */
class Document {
 public:
  explicit Document(const std::string& text);
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  ~Document();

  Field root() { return {value_.get(), "", &problem_}; }
  const std::optional<Problem>& problem() const { return problem_; }

 private:
  std::unique_ptr<nlohmann::json> value_;  ///< null when there is no object
  std::optional<Problem> problem_;
};

}  // namespace minirun::oci
