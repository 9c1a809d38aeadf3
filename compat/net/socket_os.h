/* socket_os.h - what socket.c asks of linux.c and darwin.c. Private to this folder. */
#ifndef WH_COMPAT_NET_SOCKET_OS_H
#define WH_COMPAT_NET_SOCKET_OS_H

#if defined(__APPLE__)
#define WH_OS_SEND_FLAGS    0             /* SO_NOSIGPIPE is set on the socket   */
#define WH_OS_TCP_KEEP_IDLE TCP_KEEPALIVE /* the same thing under another name   */
#else
#define WH_OS_SEND_FLAGS    MSG_NOSIGNAL
#define WH_OS_TCP_KEEP_IDLE TCP_KEEPIDLE
#endif

/* A non-blocking, close-on-exec stream socket without SIGPIPE; 0 or an errno value. */
int wh_os_socket(int family, int *fd);

/* The next connection of a listener, made the same way; 0 or an errno value, EINTR included. */
int wh_os_accept(int listener, int *fd);

#endif
