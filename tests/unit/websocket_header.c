/* websocket_header.c - the header as C, and what the library exports of it. */
#include "websocket_header.h"

#include "test.h"

#include <dlfcn.h>
#include <stdio.h>

static const char *const declared[] = {"WebSocketCreateClientHandle",
                                       "WebSocketCreateServerHandle",
                                       "WebSocketAbortHandle",
                                       "WebSocketDeleteHandle",
                                       "WebSocketBeginClientHandshake",
                                       "WebSocketEndClientHandshake",
                                       "WebSocketBeginServerHandshake",
                                       "WebSocketEndServerHandshake",
                                       "WebSocketSend",
                                       "WebSocketReceive",
                                       "WebSocketGetAction",
                                       "WebSocketCompleteAction",
                                       "WebSocketGetGlobalProperty"};

TEST(websocket_header, every_declared_function_is_exported_and_nothing_of_the_engine)
{
    void *library = dlopen(WEBSOCKET_LIBRARY, RTLD_NOW);

    if (!library)
        FAIL("%s", dlerror());
    for (size_t i = 0; i < sizeof(declared) / sizeof(declared[0]); i++) {
        test_note("%s", declared[i]);
        CHECK(dlsym(library, declared[i]));
    }
    CHECK(!dlsym(library, "wh_ws_mask"));
    CHECK(!dlsym(library, "wsc_handle_lock"));
    dlclose(library);
}

TEST(websocket_header, the_module_is_found_by_its_windows_name)
{
    HMODULE module;

    WebSocketDeleteHandle(NULL); /* so that it is linked */
    module = LoadLibraryA("websocket.dll");

    CHECK(module);
    CHECK(GetProcAddress(module, "WebSocketGetGlobalProperty"));
}
