/* poppack.h - ends what pshpackN.h began. */
#pragma pack(pop)
