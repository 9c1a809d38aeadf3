/* option.c - querying and setting options through the table; see option.h. */
#include "winhttp/option.h"

#include "core/base/alloc.h"

#include <assert.h>
#include <string.h>

const struct wh_option *wh_option_find(DWORD id)
{
    size_t low = 0, high = wh_option_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (wh_option_table[middle].id == id)
            return &wh_option_table[middle];
        if (wh_option_table[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* ---- values ---------------------------------------------------------------------------------- */

bool wh_option_fits(struct wh_option_out *out, size_t size)
{
    bool fits = out->buffer && out->length >= size;

    out->length = (DWORD)size;
    return fits;
}

DWORD wh_option_put(struct wh_option_out *out, const void *value, size_t size)
{
    if (!wh_option_fits(out, size))
        return ERROR_INSUFFICIENT_BUFFER;
    memcpy(out->buffer, value, size);
    return ERROR_SUCCESS;
}

DWORD wh_option_put_text(struct wh_option_out *out, const char *text)
{
    size_t len = text ? strlen(text) : 0;
    size_t need = wh_widen_size(text, len, WH_ENCODING_UTF8, out->unit) * out->unit;

    if (need > UINT32_MAX - out->unit)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!out->buffer || out->length < need + out->unit) {
        out->length = (DWORD)(need + out->unit);
        return ERROR_INSUFFICIENT_BUFFER;
    }
    wh_widen_put(out->buffer, text, len, WH_ENCODING_UTF8, out->unit);
    memset((char *)out->buffer + need, 0, out->unit);
    out->length = (DWORD)need;
    return ERROR_SUCCESS;
}

bool wh_option_give_text(const char *text, enum wh_unit unit, void **out)
{
    struct wh_option_out block = {.unit = unit};

    *out = NULL;
    if (!text)
        return true;
    if (wh_option_put_text(&block, text) != ERROR_INSUFFICIENT_BUFFER)
        return false;
    block.buffer = GlobalAlloc(GMEM_FIXED, block.length);
    if (!block.buffer)
        return false;
    wh_option_put_text(&block, text);
    *out = block.buffer;
    return true;
}

/* Characters up to the NUL, at most `max`; `text` may be misaligned. */
static size_t bounded_length(const void *text, size_t max, enum wh_unit unit)
{
    static const char nul[4];
    size_t len = 0;

    while (len < max && memcmp((const char *)text + len * unit, nul, unit) != 0)
        len++;
    return len;
}

DWORD wh_option_text(const struct wh_option_in *in, unsigned flags, char **text)
{
    size_t len = in->bytes ? bounded_length(in->bytes, in->length, in->unit) : 0;

    return wh_error_of(wh_narrow(in->bytes, len, in->unit, flags, text, NULL));
}

DWORD wh_option_number(const struct wh_option_in *in)
{
    DWORD number;
    uint64_t big;

    if (in->length == sizeof(big)) {
        memcpy(&big, in->bytes, sizeof(big));
        return (DWORD)big;
    }
    memcpy(&number, in->bytes, sizeof(number));
    return number;
}

/* ---- plain values ---------------------------------------------------------------------------- */

/* The block a plain value is in, with the lock that guards it held. */
static char *lock_place(struct wh_object *object, enum wh_option_place place)
{
    struct wh_session *session;

    if (object->kind == WH_KIND_REQUEST && place != WH_PLACE_SESSION) {
        struct wh_request *request = (struct wh_request *)object;

        wh_request_lock(request);
        return place == WH_PLACE_REQUEST ? (char *)request : (char *)&request->settings;
    }
    session = wh_session_of(object);
    wh_lock_take(&session->lock);
    return place == WH_PLACE_SESSION ? (char *)session : (char *)&session->settings;
}

static void unlock_place(struct wh_object *object, enum wh_option_place place)
{
    if (object->kind == WH_KIND_REQUEST && place != WH_PLACE_SESSION)
        wh_request_unlock((struct wh_request *)object);
    else
        wh_lock_give(&wh_session_of(object)->lock);
}

static DWORD query_plain(const struct wh_option *option, struct wh_object *object,
                         struct wh_option_out *out)
{
    DWORD value;

    assert(object); /* the process has no plain values */
    memcpy(&value, lock_place(object, option->place) + option->offset, sizeof(value));
    unlock_place(object, option->place);
    return wh_option_put(out, &value, sizeof(value));
}

static bool is_allowed(const struct wh_option *option, DWORD value)
{
    if (option->bits && (value & ~option->bits))
        return false;
    if (option->min || option->max)
        return value >= option->min && value <= option->max;
    return true;
}

static DWORD change_plain(const struct wh_option *option, struct wh_object *object,
                          const struct wh_option_in *in)
{
    DWORD value = wh_option_number(in);

    assert(object); /* the process has no plain values */
    if (!is_allowed(option, value))
        return ERROR_INVALID_PARAMETER;
    if (option->type == WH_OPTION_BOOL)
        value = value != 0;
    memcpy(lock_place(object, option->place) + option->offset, &value, sizeof(value));
    unlock_place(object, option->place);
    return ERROR_SUCCESS;
}

/* ---- query ----------------------------------------------------------------------------------- */

static size_t fixed_size(const struct wh_option *option)
{
    switch (option->type) {
    case WH_OPTION_DWORD:
    case WH_OPTION_BOOL:
        return sizeof(DWORD);
    case WH_OPTION_WORD:
        return sizeof(DWORD_PTR);
    case WH_OPTION_STRUCT:
        return option->size;
    default:
        return 0;
    }
}

/* Fact 31: option 0, and what can only be set, are invalid parameters to a query. */
static DWORD check_query(const struct wh_option *option, DWORD id)
{
    if (!option)
        return id == 0 ? ERROR_INVALID_PARAMETER : ERROR_WINHTTP_INVALID_OPTION;
    if (option->status == WH_OPTION_REFUSED)
        return ERROR_WINHTTP_INVALID_OPTION;
    return option->get ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

static DWORD query_known(const struct wh_option *option, struct wh_object *object,
                         struct wh_option_out *out)
{
    unsigned kind = object ? (unsigned)object->kind : WH_OPTION_PROCESS;

    size_t size = option->state_first ? 0 : fixed_size(option);

    if (size && (!out->buffer || out->length < size)) { /* facts 27, 28 */
        out->length = (DWORD)size;
        return ERROR_INSUFFICIENT_BUFFER;
    }
    if (!(option->get & kind))
        return object ? ERROR_WINHTTP_INCORRECT_HANDLE_TYPE : ERROR_INVALID_HANDLE;
    return option->query ? option->query(object, out) : query_plain(option, object, out);
}

DWORD wh_option_query(HINTERNET handle, DWORD id, void *buffer, void *length, enum wh_unit unit)
{
    const struct wh_option *option = wh_option_find(id);
    struct wh_option_out out = {.buffer = buffer, .unit = unit};
    struct wh_object *object = NULL;
    DWORD error = ERROR_SUCCESS;

    if (handle || !option || !(option->get & WH_OPTION_PROCESS))
        object = wh_handle_pin(handle, WH_KIND_ANY, &error);
    if (!object && error)
        return error;
    error = length ? check_query(option, id) : ERROR_INVALID_PARAMETER;
    if (!error) {
        memcpy(&out.length, length, sizeof(out.length));
        error = query_known(option, object, &out);
        if (error == ERROR_SUCCESS || error == ERROR_INSUFFICIENT_BUFFER)
            memcpy(length, &out.length, sizeof(out.length));
    }
    if (object)
        wh_handle_unpin(object);
    return error;
}

/* ---- set ------------------------------------------------------------------------------------- */

static DWORD check_change(const struct wh_option *option)
{
    if (!option || option->status == WH_OPTION_REFUSED)
        return ERROR_WINHTTP_INVALID_OPTION;
    return option->set ? ERROR_SUCCESS : ERROR_WINHTTP_OPTION_NOT_SETTABLE;
}

/* An `unsigned long` is a DWORD on Windows and has 8 bytes here; programs pass its address and its
 * size. Its value has to fit, as it did there. */
static bool is_unsigned_long(const struct wh_option_in *in)
{
    uint64_t value;

    if (in->length != sizeof(value) || !in->bytes)
        return false;
    memcpy(&value, in->bytes, sizeof(value));
    return value <= UINT32_MAX || value >= (uint64_t)(int64_t)INT32_MIN;
}

/* Facts 29, 30, 37, 52. */
static DWORD check_size(const struct wh_option *option, const struct wh_option_in *in)
{
    DWORD wrong = option->size_error ? option->size_error : ERROR_INSUFFICIENT_BUFFER;

    if (!in->bytes && in->length)
        return ERROR_INVALID_PARAMETER;
    switch (option->type) {
    case WH_OPTION_NOTHING:
        return in->length ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
    case WH_OPTION_TEXT:
        return ERROR_SUCCESS;
    case WH_OPTION_DWORD:
    case WH_OPTION_BOOL:
        if (in->length == sizeof(DWORD) || (!option->size_error && is_unsigned_long(in)))
            return ERROR_SUCCESS;
        return wrong;
    default: /* a structure without a size is looked at by its change() */
        return !fixed_size(option) || in->length == fixed_size(option) ? ERROR_SUCCESS : wrong;
    }
}

static DWORD change_known(const struct wh_option *option, struct wh_object *object,
                          const struct wh_option_in *in)
{
    unsigned kind = object ? (unsigned)object->kind : WH_OPTION_PROCESS;
    DWORD error = check_size(option, in);

    if (error)
        return error;
    if (!(option->set & kind))
        return object ? ERROR_WINHTTP_INCORRECT_HANDLE_TYPE : ERROR_INVALID_HANDLE;
    return option->change ? option->change(object, in) : change_plain(option, object, in);
}

DWORD wh_option_change(HINTERNET handle, DWORD id, const void *buffer, DWORD length,
                       enum wh_unit unit)
{
    const struct wh_option *option = wh_option_find(id);
    struct wh_option_in in = {.bytes = buffer, .length = length, .unit = unit};
    struct wh_object *object = NULL;
    DWORD error = ERROR_SUCCESS;

    if (handle || !option || !(option->set & WH_OPTION_PROCESS))
        object = wh_handle_pin(handle, WH_KIND_ANY, &error);
    if (!object && error)
        return error;
    error = check_change(option);
    if (!error)
        error = change_known(option, object, &in);
    if (object)
        wh_handle_unpin(object);
    return error;
}
