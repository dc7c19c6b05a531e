namespace MidnightOS.Core.Storage;

/// <summary>A store could not do its work: the disk is full or read-only, a lock was not to be had in time, a service does not answer.</summary>
/// <remarks>A read did not happen. Whether a write was done is not known; doing it again with its preconditions is safe, and what is stored is whole in both cases.</remarks>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
