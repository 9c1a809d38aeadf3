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

foreach(subject
        auth_codec
        buf
        content_coding
        cookie_jar
        date
        escape
        field
        h1_body
        h1_head
        h1_write
        headers
        proxy
        redirect
        text
        url)
    winposix_test(${subject}_test SOURCES ${subject}_test.c LIBS test_codecs LABELS codecs)
endforeach()
