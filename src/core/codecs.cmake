# The codecs: bytes in, facts out. Paths are relative to src/; the engine's CMakeLists.txt includes
# this, and so do the codecs' own tests, which can be built without the engine.
set(WH_CODEC_SOURCES
    core/base/text.c
    core/base/base64.c
    core/base/buf.c
    core/http/field.c
    core/http/proxy.c
    core/http/redirect.c
    core/http/url.c
    core/http/escape.c
    core/http/headers.c
    core/http/h1_head.c
    core/http/h1_body.c
    core/http/h1_write.c
    core/http/content_coding.c
    core/http/cookie.c
    core/http/cookie_jar.c
    core/http/date.c
    core/http/auth_challenge.c
    core/http/auth_basic.c)

# Content codings need zlib. Public suffixes come from libpsl if it is there; without it only names
# without a dot count as one.
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PSL IMPORTED_TARGET libpsl)
if(PSL_FOUND)
    list(APPEND WH_CODEC_SOURCES core/http/public_suffix_psl.c)
    set(WH_CODEC_LIBS PkgConfig::PSL ZLIB::ZLIB)
else()
    list(APPEND WH_CODEC_SOURCES core/http/public_suffix_none.c)
    set(WH_CODEC_LIBS ZLIB::ZLIB)
endif()
