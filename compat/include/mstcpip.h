/* mstcpip.h - TCP settings beyond the system's own headers: what WINHTTP_OPTION_TCP_KEEPALIVE takes. */
#ifndef _MSTCPIP_
#define _MSTCPIP_

#include <winnt.h>

/* Milliseconds. ULONG, as u_long is on Windows. */
struct tcp_keepalive {
    ULONG onoff;
    ULONG keepalivetime;     /* idle time before the first probe */
    ULONG keepaliveinterval; /* between probes without an answer */
};

#endif
