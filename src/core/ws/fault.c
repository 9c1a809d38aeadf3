/* fault.c - the two columns of the table in fault.h. */
#include "core/ws/fault.h"

static const struct {
    unsigned short code;
    const char *text;
} faults[WH_WS_FAULT_COUNT] = {
#define X(name, code, text) {code, text},
    WH_WS_FAULTS(X)
#undef X
};

unsigned wh_ws_fault_code(enum wh_ws_fault fault)
{
    return faults[fault].code;
}

const char *wh_ws_fault_text(enum wh_ws_fault fault)
{
    return faults[fault].text;
}
