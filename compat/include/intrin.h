/* intrin.h - the compiler intrinsics of Microsoft's compiler that have a counterpart. */
#ifndef __INTRIN_H_
#define __INTRIN_H_

#include <interlockedapi.h>

#define _ReturnAddress()          __builtin_return_address(0)
#define _AddressOfReturnAddress() ((void *)((char *)__builtin_frame_address(0) + sizeof(void *)))
#define __debugbreak()            __builtin_trap()
#define __fastfail(code)          __builtin_trap()
#define __nop()                   __asm__ __volatile__("nop")
#define _ReadWriteBarrier()       __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define _ReadBarrier()            __atomic_signal_fence(__ATOMIC_ACQUIRE)
#define _WriteBarrier()           __atomic_signal_fence(__ATOMIC_RELEASE)
#define _byteswap_ushort(n)       __builtin_bswap16(n)
#define _byteswap_ulong(n)        __builtin_bswap32(n)
#define _byteswap_uint64(n)       __builtin_bswap64(n)
#define __popcnt(n)               ((unsigned)__builtin_popcount(n))
#define __popcnt64(n)             ((unsigned long long)__builtin_popcountll(n))

#ifdef __cplusplus
extern "C" {
#endif

/* The lowest and the highest bit set; 0 if there is none. */
static __inline__ __attribute__((__unused__)) unsigned char _BitScanForward(DWORD *index, DWORD n)
{
    if (n)
        *index = (DWORD)__builtin_ctz(n);
    return n != 0;
}
static __inline__ __attribute__((__unused__)) unsigned char _BitScanReverse(DWORD *index, DWORD n)
{
    if (n)
        *index = 31u - (DWORD)__builtin_clz(n);
    return n != 0;
}
static __inline__ __attribute__((__unused__)) unsigned char _BitScanForward64(DWORD *index,
                                                                              ULONGLONG n)
{
    if (n)
        *index = (DWORD)__builtin_ctzll(n);
    return n != 0;
}
static __inline__ __attribute__((__unused__)) unsigned char _BitScanReverse64(DWORD *index,
                                                                              ULONGLONG n)
{
    if (n)
        *index = 63u - (DWORD)__builtin_clzll(n);
    return n != 0;
}

#ifdef __cplusplus
}
#endif

#endif
