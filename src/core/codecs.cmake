# The codecs: bytes in, facts out. Paths are relative to src/; the engine's CMakeLists.txt includes
# this, and so do the codecs' own tests, which can be built without the engine.
set(WH_CODEC_SOURCES
    core/base/text.c
    core/base/base64.c
    core/base/buf.c
    core/http/field.c
    core/http/url.c
    core/http/escape.c
    core/http/headers.c
    core/http/h1_head.c
    core/http/h1_body.c
    core/http/h1_write.c
    core/http/date.c
    core/http/auth_challenge.c
    core/http/auth_basic.c)
