/* process.h - threads as the Microsoft C run-time starts them. */
#ifndef _INC_PROCESS
#define _INC_PROCESS

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <winposix/api.h>
#include <winposix/dialect.h>

typedef void(__cdecl *_beginthread_proc_type)(void *);
typedef unsigned(__stdcall *_beginthreadex_proc_type)(void *);

WINPOSIX_C_BEGIN

/* The handle is the caller's to close; 0 with errno set if it fails. */
WINBASEAPI uintptr_t __cdecl _beginthreadex(void *security, unsigned stack,
                                            _beginthreadex_proc_type start, void *argument,
                                            unsigned flags, unsigned *id);
WINBASEAPI void __cdecl _endthreadex(unsigned code) __attribute__((__noreturn__));

/* The handle closes itself when the thread ends; (uintptr_t)-1 with errno set if it fails. */
WINBASEAPI uintptr_t __cdecl _beginthread(_beginthread_proc_type start, unsigned stack,
                                          void *argument);
WINBASEAPI void __cdecl _endthread(void) __attribute__((__noreturn__));

WINPOSIX_C_END

#define _getpid() getpid()

#endif
