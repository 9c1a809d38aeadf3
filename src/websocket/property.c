/* property.c - what may be told to a handle when it is made. */
#include "websocket/session.h"

#include <string.h>

enum {
    DEFAULT_ROOM = 4096,
    LEAST_ROOM = 256,
    SERVER_SEND_ROOM = 16, /* a frame's head */
};

static bool read_ulong(const WEB_SOCKET_PROPERTY *property, ULONG least, size_t *out)
{
    ULONG value;

    if (!property->pvValue || property->ulValueSize != sizeof(value))
        return false;
    memcpy(&value, property->pvValue, sizeof(value));
    *out = value;
    return value >= least;
}

static bool read_bool(const WEB_SOCKET_PROPERTY *property, bool *out)
{
    BOOL value;

    if (!property->pvValue || property->ulValueSize != sizeof(value))
        return false;
    memcpy(&value, property->pvValue, sizeof(value));
    *out = value != FALSE;
    return true;
}

/* The value is where the address of the memory stands; the size is the memory's. */
static bool read_memory(const WEB_SOCKET_PROPERTY *property, void **memory, size_t *size)
{
    if (!property->pvValue)
        return false;
    memcpy(memory, property->pvValue, sizeof(*memory));
    *size = property->ulValueSize;
    return *memory && (uintptr_t)*memory % 8 == 0;
}

HRESULT wsc_rules_read(struct wsc_rules *rules, bool is_client, const WEB_SOCKET_PROPERTY *list,
                       ULONG count)
{
    ULONG least_send = is_client ? LEAST_ROOM : SERVER_SEND_ROOM;
    size_t memory_size = 0;
    unsigned seen = 0;

    *rules = (struct wsc_rules){.receive_room = DEFAULT_ROOM,
                                .send_room = is_client ? DEFAULT_ROOM : SERVER_SEND_ROOM};
    if (count && !list)
        return E_INVALIDARG;
    for (ULONG i = 0; i < count; i++) {
        bool good = false;

        switch (list[i].Type) {
        case WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE:
            good = read_ulong(&list[i], LEAST_ROOM, &rules->receive_room);
            break;
        case WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE:
            good = read_ulong(&list[i], least_send, &rules->send_room);
            break;
        case WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE:
            good = read_bool(&list[i], &rules->no_mask);
            break;
        case WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE:
            good = read_memory(&list[i], &rules->memory, &memory_size);
            break;
        case WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE:
            good = read_bool(&list[i], &rules->any_text);
            break;
        default: /* unknown, or WebSocketGetGlobalProperty's */
            return E_INVALIDARG;
        }
        if (!good || seen & 1u << list[i].Type)
            return E_INVALIDARG;
        seen |= 1u << list[i].Type;
    }
    if (rules->memory && memory_size < rules->receive_room + rules->send_room + WSC_WIRE_ROOM)
        return E_INVALIDARG;
    return S_OK;
}
