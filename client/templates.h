// A commented record file for each record type: what `assent new` writes, and the only place where
// a record type is explained to people.
#ifndef ASSENT_CLIENT_TEMPLATES_H_
#define ASSENT_CLIENT_TEMPLATES_H_

#include <string>
#include <string_view>
#include <vector>

namespace assent::client {

// Who may read a record of a type.
enum class TemplateVisibility {
  kEither,  // its author says
  kPublic   // everybody
};

struct RecordTemplate {
  std::string_view command;  // "launch-notification"
  std::string_view type;     // "LaunchNotification"
  std::string_view summary;  // one line, for help
  std::string_view text;     // the record's own keys, with comments
  TemplateVisibility visibility = TemplateVisibility::kEither;
};

const std::vector<RecordTemplate>& RecordTemplates();
// By command or type; null when there is none.
const RecordTemplate* FindTemplate(std::string_view name);

// The whole file. It is refused by ReadRecord until its line `template = true` is removed.
std::string TemplateFile(const RecordTemplate& record);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_TEMPLATES_H_
