/* fault.h - what a WebSocket peer can do wrong (RFC 6455).
 *
 * A fault ends the connection: the receiver that found it takes no more bytes. Beside each stand the
 * code for our close frame (section 7.4.1) and a sentence for the trace. Name, code and sentence sit
 * on one line, once.
 */
#ifndef WH_CORE_WS_FAULT_H
#define WH_CORE_WS_FAULT_H

#define WH_WS_FAULTS(X)                                                                            \
    X(NONE, 0, "nothing is wrong")                                                                 \
    X(RESERVED_BITS, 1002, "a reserved bit is set and no extension was agreed on")                 \
    X(RESERVED_OPCODE, 1002, "the opcode is a reserved one")                                       \
    X(CONTROL_FRAGMENTED, 1002, "a control frame is not its own last fragment")                    \
    X(CONTROL_TOO_LONG, 1002, "a control frame has more than 125 bytes")                           \
    X(MASK_MISSING, 1002, "a frame from a client is not masked")                                   \
    X(MASK_UNEXPECTED, 1002, "a frame from a server is masked")                                    \
    X(LENGTH_NOT_MINIMAL, 1002, "the length would fit into a shorter form")                        \
    X(LENGTH_TOP_BIT, 1002, "the length has its top bit set")                                      \
    X(NOTHING_TO_CONTINUE, 1002, "a continuation frame without a message to continue")             \
    X(MESSAGE_NOT_FINISHED, 1002, "a new message begins inside another")                           \
    X(CLOSE_ONE_BYTE, 1002, "a close frame with half a status code")                               \
    X(CLOSE_CODE, 1002, "a close frame with a status code that may not be sent")                   \
    X(CLOSE_REASON, 1007, "the reason of a close frame is not UTF-8")                              \
    X(TEXT_NOT_UTF8, 1007, "a text message is not UTF-8")                                          \
    X(FRAME_TOO_LARGE, 1009, "a frame is larger than allowed")                                     \
    X(MESSAGE_TOO_LARGE, 1009, "a message is larger than allowed")

enum wh_ws_fault {
#define X(name, code, text) WH_WS_FAULT_##name,
    WH_WS_FAULTS(X)
#undef X
        WH_WS_FAULT_COUNT
};

/* The status code our close frame tells the peer; 0 for WH_WS_FAULT_NONE. */
unsigned wh_ws_fault_code(enum wh_ws_fault fault);

/* The sentence for it; static, never NULL. */
const char *wh_ws_fault_text(enum wh_ws_fault fault);

#endif
