package guidebook.app

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.drop

/** Tells when a network is back, while someone listens. The network that is there at first does not count. */
fun networkBack(context: Context): Flow<Unit> = callbackFlow {
    val manager = checkNotNull(context.getSystemService(ConnectivityManager::class.java))
    val callback = object : ConnectivityManager.NetworkCallback() {
        override fun onAvailable(network: Network) {
            trySend(Unit)
        }
    }
    val there = manager.activeNetwork != null
    manager.registerDefaultNetworkCallback(callback)
    if (!there) trySend(Unit) // stands for the network that the system would have told of at once
    awaitClose { manager.unregisterNetworkCallback(callback) }
}.drop(1)
