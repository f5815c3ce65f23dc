// A folder of its own for a test, gone at its end.
#ifndef ASSENT_TESTS_UNIT_CLIENT_TEMP_FOLDER_H_
#define ASSENT_TESTS_UNIT_CLIENT_TEMP_FOLDER_H_

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace assent::client {

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assent-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string Path(const std::string& name) const { return path_ + "/" + name; }
  std::string Write(const std::string& name, const std::string& content,
                    std::filesystem::perms mode = std::filesystem::perms(0600)) const {
    std::ofstream(Path(name), std::ios::binary) << content;
    std::filesystem::permissions(Path(name), mode);
    return Path(name);
  }
  std::string Read(const std::string& name) const {
    std::ifstream file(Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string path_;
};

}  // namespace assent::client

#endif  // ASSENT_TESTS_UNIT_CLIENT_TEMP_FOLDER_H_
