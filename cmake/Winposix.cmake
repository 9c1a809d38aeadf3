# What every target of this project has in common: warnings, visibility, sanitizers, and the
# double compilation that serves both widths of WCHAR.

find_package(Threads REQUIRED)

# Warnings, hidden visibility and sanitizers for one of our own targets.
function(winposix_target target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -fno-strict-aliasing)
    if(WINHTTP_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
    set_target_properties(${target} PROPERTIES C_VISIBILITY_PRESET hidden
                                               CXX_VISIBILITY_PRESET hidden)
    if(WINHTTP_SANITIZE)
        target_compile_options(${target} PRIVATE -fsanitize=${WINHTTP_SANITIZE}
                                                 -fno-omit-frame-pointer -g)
        target_link_options(${target} PUBLIC -fsanitize=${WINHTTP_SANITIZE})
    endif()
    if(WINHTTP_CHAOS)
        target_compile_definitions(${target} PRIVATE WINHTTP_CHAOS)
    endif()
    if(WINHTTP_BUILD_FUZZERS)
        target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link
                                                 -fno-sanitize-recover=all)
    endif()
endfunction()

# winposix_sources(<target> [ONCE a.c ...] [BOTH_WIDTHS b.c ...])
#
# ONCE sources do not know how wide a WCHAR is. BOTH_WIDTHS sources are compiled twice, natively
# and with -fshort-wchar; the headers give the second set of functions their _utf16 symbols.
function(winposix_sources target)
    cmake_parse_arguments(ARG "" "" "ONCE;BOTH_WIDTHS" ${ARGN})
    target_sources(${target} PRIVATE ${ARG_ONCE} ${ARG_BOTH_WIDTHS})
    if(ARG_BOTH_WIDTHS)
        add_library(${target}_utf16 OBJECT ${ARG_BOTH_WIDTHS})
        winposix_target(${target}_utf16)
        target_compile_options(${target}_utf16 PRIVATE -fshort-wchar)
        target_compile_definitions(${target}_utf16 PRIVATE
            $<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>)
        target_include_directories(${target}_utf16 PRIVATE
            $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
        target_sources(${target} PRIVATE $<TARGET_OBJECTS:${target}_utf16>)
    endif()
endfunction()
