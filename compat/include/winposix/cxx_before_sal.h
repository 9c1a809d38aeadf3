/* cxx_before_sal.h - the C++ headers that use __in, __out and kin as names, read in time.
 *
 * Included by specstrings.h just before those words become macros: once a library header has been
 * read, its include guard keeps the macros away from it.
 */
#ifndef WINPOSIX_CXX_BEFORE_SAL_H
#define WINPOSIX_CXX_BEFORE_SAL_H

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <future>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <locale>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>
#if __cplusplus >= 201402L
#include <shared_mutex>
#endif
#if __cplusplus >= 201703L
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <variant>
#endif
#if __cplusplus >= 202002L
#include <ranges>
#include <span>
#if __has_include(<stop_token>)
#include <stop_token>
#endif
#endif

#endif
