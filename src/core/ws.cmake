# The WebSocket codec. Sets
#
#   WH_WS_SOURCES       src/core/ws and the system's random bytes
#   WH_WS_BASE_SOURCES  what it needs of the rest of core: nothing that opens, waits or links
#
# as absolute paths. The engine has the second list anyway; a library that is the codec and little else
# (websocket.h's) takes both. Includes are found from src/ and from the project's root.
include(CheckCSourceCompiles)

set(WH_WS_DIR ${CMAKE_CURRENT_LIST_DIR}/ws)
set(WH_WS_SOURCES
    ${WH_WS_DIR}/accept.c
    ${WH_WS_DIR}/fault.c
    ${WH_WS_DIR}/frame.c
    ${WH_WS_DIR}/key_pool.c
    ${WH_WS_DIR}/receiver.c
    ${WH_WS_DIR}/sender.c
    ${WH_WS_DIR}/sha1.c
    ${WH_WS_DIR}/utf8.c)
set(WH_WS_BASE_SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/base/alloc.c
    ${CMAKE_CURRENT_LIST_DIR}/base/text.c
    ${CMAKE_CURRENT_LIST_DIR}/http/field.c)

if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    list(APPEND WH_WS_SOURCES ${PROJECT_SOURCE_DIR}/compat/net/random_linux.c)
else()
    list(APPEND WH_WS_SOURCES ${PROJECT_SOURCE_DIR}/compat/net/random_darwin.c)
endif()

# Which vectors there are. A build for several processors at once uses what all of them have.
check_c_source_compiles("
    #if !defined(__x86_64__)
    #error
    #endif
    int main(void) { return __builtin_cpu_supports(\"avx512vbmi2\"); }" WH_IS_X86_64)
check_c_source_compiles("
    #if !defined(__SSE2__) && !defined(__ARM_NEON)
    #error
    #endif
    int main(void) { return 0; }" WH_HAS_VECTOR16)
set(WH_WS_AVX2_FLAGS -mavx2)
set(WH_WS_AVX512_FLAGS -mavx512f -mavx512bw -mbmi2 -mprefer-vector-width=512)
string(REPLACE ";" " " CMAKE_REQUIRED_FLAGS "${WH_WS_AVX2_FLAGS} ${WH_WS_AVX512_FLAGS}")
check_c_source_compiles("int main(void) { return 0; }" WH_TAKES_AVX_FLAGS)
unset(CMAKE_REQUIRED_FLAGS)
list(LENGTH CMAKE_OSX_ARCHITECTURES WH_ARCHITECTURES)

# WH_WS_MASK_WAYS: all that can be compiled here, for tests and the benchmark; the pick takes of them.
set(WH_WS_MASK_WAYS ${WH_WS_DIR}/mask_portable.c)
if(WH_HAS_VECTOR16)
    list(APPEND WH_WS_MASK_WAYS ${WH_WS_DIR}/mask_vector16.c)
endif()
if(WH_IS_X86_64 AND WH_TAKES_AVX_FLAGS AND WH_ARCHITECTURES LESS 2)
    set(WH_WS_MASK_PICK x86)
    set(WH_WS_MASK_SOURCES ${WH_WS_DIR}/mask_vector16.c ${WH_WS_DIR}/mask_vector32.c
                           ${WH_WS_DIR}/mask_vector64.c)
    list(APPEND WH_WS_MASK_WAYS ${WH_WS_DIR}/mask_vector32.c ${WH_WS_DIR}/mask_vector64.c)
    set_source_files_properties(${WH_WS_DIR}/mask_vector32.c PROPERTIES
                                COMPILE_OPTIONS "${WH_WS_AVX2_FLAGS}")
    set_source_files_properties(${WH_WS_DIR}/mask_vector64.c PROPERTIES
                                COMPILE_OPTIONS "${WH_WS_AVX512_FLAGS}")
elseif(WH_HAS_VECTOR16)
    set(WH_WS_MASK_PICK vector16)
    set(WH_WS_MASK_SOURCES ${WH_WS_DIR}/mask_vector16.c)
else()
    set(WH_WS_MASK_PICK portable)
    set(WH_WS_MASK_SOURCES ${WH_WS_DIR}/mask_portable.c)
endif()
list(APPEND WH_WS_MASK_SOURCES ${WH_WS_DIR}/mask_pick_${WH_WS_MASK_PICK}.c)
list(APPEND WH_WS_SOURCES ${WH_WS_MASK_SOURCES})
