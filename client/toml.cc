// Debian's shared library of toml++ throws: this is the same without exceptions.
#define TOML_IMPLEMENTATION
#include "client/toml.h"
