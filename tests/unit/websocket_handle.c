/* websocket_handle.c - handles, properties and global properties of websocket.h. */
#include "test.h"
#include "websocket_kit.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define INSUFFICIENT HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER)

static HRESULT create(bool is_client, WEB_SOCKET_PROPERTY_TYPE type, const void *value, ULONG size)
{
    WEB_SOCKET_PROPERTY property = {type, (PVOID)(uintptr_t)value, size};
    WEB_SOCKET_HANDLE handle = NULL;
    HRESULT hr = is_client ? WebSocketCreateClientHandle(&property, 1, &handle)
                           : WebSocketCreateServerHandle(&property, 1, &handle);

    CHECK_EQ(SUCCEEDED(hr), handle != NULL);
    WebSocketDeleteHandle(handle);
    return hr;
}

TEST(websocket_handle, properties_may_be_null_with_count_0)
{
    WEB_SOCKET_HANDLE handle = NULL;

    CHECK_EQ(WebSocketCreateClientHandle(NULL, 0, &handle), S_OK);
    WebSocketDeleteHandle(handle);
    CHECK_EQ(WebSocketCreateServerHandle(NULL, 0, &handle), S_OK);
    WebSocketDeleteHandle(handle);
    CHECK_EQ(WebSocketCreateServerHandle(NULL, 1, &handle), E_INVALIDARG);
    CHECK_EQ(WebSocketCreateClientHandle(NULL, 0, NULL), E_INVALIDARG);
}

TEST(websocket_handle, the_receive_buffer_is_256_at_least)
{
    ULONG size = 255;

    for (int is_client = 0; is_client < 2; is_client++) {
        size = 255;
        CHECK_EQ(create(is_client, WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, &size, 4),
                 E_INVALIDARG);
        size = 256;
        CHECK_EQ(create(is_client, WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, &size, 4), S_OK);
        CHECK_EQ(create(is_client, WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, &size, 8),
                 E_INVALIDARG);
        CHECK_EQ(create(is_client, WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, NULL, 4),
                 E_INVALIDARG);
    }
}

TEST(websocket_handle, the_send_buffer_is_256_at_least_for_a_client_and_16_for_a_server)
{
    ULONG size = 255;

    CHECK_EQ(create(true, WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE, &size, 4), E_INVALIDARG);
    CHECK_EQ(create(false, WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE, &size, 4), S_OK);
    size = 256;
    CHECK_EQ(create(true, WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE, &size, 4), S_OK);
    size = 16;
    CHECK_EQ(create(false, WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE, &size, 4), S_OK);
    size = 15;
    CHECK_EQ(create(false, WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE, &size, 4), E_INVALIDARG);
}

TEST(websocket_handle, a_bool_has_four_bytes)
{
    BOOL yes = TRUE;

    CHECK_EQ(create(true, WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE, &yes, 4), S_OK);
    CHECK_EQ(create(true, WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE, &yes, 1), E_INVALIDARG);
    CHECK_EQ(create(false, WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE, &yes, 4), S_OK);
    CHECK_EQ(create(false, WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE, NULL, 4),
             E_INVALIDARG);
}

TEST(websocket_handle, global_and_unknown_properties_are_refused_at_creation)
{
    ULONG value = 30000;

    CHECK_EQ(create(true, WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE, &value, 4), E_INVALIDARG);
    CHECK_EQ(create(false, WEB_SOCKET_SUPPORTED_VERSIONS_PROPERTY_TYPE, &value, 4), E_INVALIDARG);
    CHECK_EQ(create(false, (WEB_SOCKET_PROPERTY_TYPE)77, &value, 4), E_INVALIDARG);
}

TEST(websocket_handle, a_property_given_twice_is_refused)
{
    ULONG size = 512;
    WEB_SOCKET_PROPERTY twice[] = {{WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, &size, 4},
                                   {WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, &size, 4}};
    WEB_SOCKET_HANDLE handle = NULL;

    CHECK_EQ(WebSocketCreateClientHandle(twice, 2, &handle), E_INVALIDARG);
    CHECK(!handle);
}

/* Property 3: pvValue points to the pointer, ulValueSize is the memory's size. */
TEST(websocket_handle, an_allocated_buffer_has_both_sizes_and_144_bytes)
{
    static _Alignas(8) unsigned char memory[4096 + 4096 + 144 + 8];
    void *at = memory;

    CHECK_EQ(create(true, WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE, &at, 4096 + 4096 + 144), S_OK);
    CHECK_EQ(create(true, WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE, &at, 4096 + 4096 + 143),
             E_INVALIDARG);
    CHECK_EQ(create(false, WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE, &at, 4096 + 16 + 144), S_OK);
    CHECK_EQ(create(false, WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE, &at, 4096 + 16 + 143),
             E_INVALIDARG);
    at = memory + 4;
    CHECK_EQ(create(true, WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE, &at, 4096 + 4096 + 144),
             E_INVALIDARG);
    at = NULL;
    CHECK_EQ(create(true, WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE, &at, 65536), E_INVALIDARG);
}

TEST(websocket_handle, the_keepalive_interval_is_30_seconds)
{
    ULONG value = 0, size = sizeof(value);

    CHECK_EQ(WebSocketGetGlobalProperty(WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE, &value, &size),
             S_OK);
    CHECK_EQ(value, 30000);
    CHECK_EQ(size, 4);
}

TEST(websocket_handle, the_supported_versions_are_13)
{
    ULONG values[4] = {0}, size = sizeof(values);

    CHECK_EQ(WebSocketGetGlobalProperty(WEB_SOCKET_SUPPORTED_VERSIONS_PROPERTY_TYPE, values, &size),
             S_OK);
    CHECK_EQ(values[0], 13);
    CHECK_EQ(size, 4);
}

TEST(websocket_handle, a_global_property_says_how_large_it_is)
{
    ULONG value = 77, size = 2;

    CHECK_EQ(WebSocketGetGlobalProperty(WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE, &value, &size),
             INSUFFICIENT);
    CHECK_EQ(size, 4);
    CHECK_EQ(value, 77);
    size = 0;
    CHECK_EQ(WebSocketGetGlobalProperty(WEB_SOCKET_SUPPORTED_VERSIONS_PROPERTY_TYPE, NULL, &size),
             INSUFFICIENT);
    CHECK_EQ(size, 4);
    CHECK_EQ(
        WebSocketGetGlobalProperty(WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, &value, &size),
        E_INVALIDARG);
    CHECK_EQ(WebSocketGetGlobalProperty(WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE, &value, NULL),
             E_INVALIDARG);
    CHECK_EQ(WebSocketGetGlobalProperty(WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE, NULL, &size),
             E_INVALIDARG);
}

/* Every function, with something that is no handle. */
static void is_refused(WEB_SOCKET_HANDLE handle)
{
    WEB_SOCKET_HTTP_HEADER host = ws_header("Host", "localhost"), *headers;
    WEB_SOCKET_BUFFER buffer = ws_text("Hello");
    struct ws_action action;
    ULONG count;

    CHECK_EQ(WebSocketBeginClientHandshake(handle, NULL, 0, NULL, 0, NULL, 0, &headers, &count),
             E_INVALIDARG);
    CHECK_EQ(WebSocketEndClientHandshake(handle, &host, 1, NULL, NULL, NULL), E_INVALIDARG);
    CHECK_EQ(WebSocketBeginServerHandshake(handle, NULL, NULL, 0, &host, 1, &headers, &count),
             E_INVALIDARG);
    CHECK_EQ(WebSocketEndServerHandshake(handle), E_INVALIDARG);
    CHECK_EQ(WebSocketSend(handle, WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, &buffer, NULL),
             E_INVALIDARG);
    CHECK_EQ(WebSocketReceive(handle, NULL, NULL), E_INVALIDARG);
    CHECK_EQ(ws_action_get(handle, WEB_SOCKET_ALL_ACTION_QUEUE, 2, &action), E_INVALIDARG);
    CHECK_EQ(action.kind, WEB_SOCKET_NO_ACTION);
    CHECK_EQ(action.count, 0);
    CHECK(!action.context);
    WebSocketCompleteAction(handle, (PVOID)1, 1);
    WebSocketAbortHandle(handle);
    WebSocketDeleteHandle(handle);
}

TEST(websocket_handle, what_is_no_handle_is_refused_everywhere)
{
    WEB_SOCKET_HANDLE deleted = ws_open_handle(true, NULL, 0);
    WEB_SOCKET_HANDLE alive = ws_open_handle(true, NULL, 0);
    int local = 0;

    WebSocketDeleteHandle(deleted);
    is_refused(NULL);
    is_refused(deleted);
    is_refused((WEB_SOCKET_HANDLE)&local);
    is_refused((WEB_SOCKET_HANDLE) ~(uintptr_t)0);
    is_refused((WEB_SOCKET_HANDLE)((uintptr_t)alive ^ 0x100000));
    CHECK_EQ(WebSocketReceive(alive, NULL, NULL), S_OK);
    WebSocketDeleteHandle(alive);
}

TEST(websocket_handle, a_deleted_handle_is_not_the_next_one)
{
    WEB_SOCKET_HANDLE first = ws_open_handle(true, NULL, 0), second;

    WebSocketDeleteHandle(first);
    second = ws_open_handle(true, NULL, 0);
    CHECK(first != second);
    is_refused(first);
    CHECK_EQ(WebSocketReceive(second, NULL, NULL), S_OK);
    WebSocketDeleteHandle(second);
}

TEST(websocket_handle, delete_forgets_what_is_queued_and_what_is_out)
{
    WEB_SOCKET_HANDLE handle = ws_open_handle(true, NULL, 0);
    WEB_SOCKET_BUFFER buffer = ws_text("Hello");

    for (int i = 0; i < 10; i++) {
        CHECK_EQ(WebSocketSend(handle, WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, &buffer, NULL), S_OK);
        CHECK_EQ(WebSocketReceive(handle, NULL, NULL), S_OK);
    }
    ws_expect(handle, WEB_SOCKET_SEND_TO_NETWORK_ACTION);
    ws_expect(handle, WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION);
    WebSocketDeleteHandle(handle); /* the sanitizers look for the rest */
}

/* Misuse: four threads do as they like with handles that others delete. */
static WEB_SOCKET_HANDLE shared[4];

static void *misuse(void *arg)
{
    unsigned seed = (unsigned)(uintptr_t)arg;

    for (int i = 0; i < 3000; i++) {
        WEB_SOCKET_HANDLE handle;
        WEB_SOCKET_BUFFER buffer = ws_text("Hello");
        WEB_SOCKET_HANDLE *slot = &shared[(seed = seed * 1664525u + 1013904223u) >> 30];
        struct ws_action action;

        handle = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
        switch (seed >> 8 & 7) {
        case 0:
            WebSocketDeleteHandle(handle);
            __atomic_store_n(slot, ws_open_handle(seed >> 16 & 1, NULL, 0), __ATOMIC_RELEASE);
            break;
        case 1:
            WebSocketAbortHandle(handle);
            break;
        case 2:
        case 3:
            WebSocketSend(handle, WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, &buffer, NULL);
            break;
        case 4:
            WebSocketReceive(handle, NULL, NULL);
            break;
        default:
            ws_action_get(handle, WEB_SOCKET_ALL_ACTION_QUEUE, 2, &action);
            WebSocketCompleteAction(handle, action.context, seed >> 20 & 7);
            break;
        }
    }
    return NULL;
}

TEST(websocket_handle, survives_threads_that_misuse_it)
{
    pthread_t threads[4];

    for (size_t i = 0; i < 4; i++)
        shared[i] = ws_open_handle(true, NULL, 0);
    for (size_t i = 0; i < 4; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, misuse, (void *)(i + 1)), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < 4; i++)
        WebSocketDeleteHandle(shared[i]);
}
