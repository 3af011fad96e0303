import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Server;

/** DynamoDB Local as its own main class starts it, in memory, on 127.0.0.1 alone: that one listens on every address. */
class DynamoDbOnLoopback {
  public static void main(String[] arguments) throws Exception {
    var server = new Server(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])));
    var inMemory = true;
    var sharedByAllCredentials = true;
    var requests = new LocalDynamoDBRequestHandler(0, inMemory, null, sharedByAllCredentials, false);
    server.setHandler(new LocalDynamoDBServerHandler(requests, null));
    server.start();
    server.join();
  }
}
