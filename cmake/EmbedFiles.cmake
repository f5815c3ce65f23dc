# Writes a C++ source that holds files as text: cmake -DOUT=file.cc -DFILES=a;b -P EmbedFiles.cmake. It defines
# assent::page::kAssets. Each file is in pieces, since compilers bound the length of one string.

set(source "#include \"node/page/assets.h\"\n\nnamespace assent::page {\n\nconst std::vector<Asset>& Assets() {\n")
string(APPEND source "  static const std::vector<Asset> kAssets = {\n")
foreach(path ${FILES})
  get_filename_component(name ${path} NAME)
  file(SHA256 ${path} hash)
  string(SUBSTRING ${hash} 0 16 version)
  file(READ ${path} hex HEX)
  string(LENGTH "${hex}" length)
  math(EXPR size "${length} / 2")
  string(REGEX REPLACE "(................................................................)" "\\1\"\n       \"" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" hex "${hex}")
  string(APPEND source "      {\"${name}\", \"${version}\",\n       std::string_view(\"${hex}\", ${size})},\n")
endforeach()
string(APPEND source "  };\n  return kAssets;\n}\n\n}  // namespace assent::page\n")
file(WRITE ${OUT} "${source}")
