# The codecs' tests. They need nothing but the codecs, so they build without the engine, too.
include(${PROJECT_SOURCE_DIR}/src/core/codecs.cmake)
list(TRANSFORM WH_CODEC_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/src/)

add_library(test_codecs STATIC
    ${WH_CODEC_SOURCES}
    ${PROJECT_SOURCE_DIR}/src/core/base/alloc.c
    ${PROJECT_SOURCE_DIR}/src/core/base/clock.c
    ${PROJECT_SOURCE_DIR}/src/core/base/error.c)
winposix_target(test_codecs)
target_include_directories(test_codecs PUBLIC ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(test_codecs PUBLIC ${WH_CODEC_LIBS} Threads::Threads)

foreach(subject text buf field url redirect escape headers h1_head h1_body h1_write date cookie_jar)
    winposix_test(${subject}_test SOURCES ${subject}_test.c LIBS test_codecs LABELS codecs)
endforeach()
