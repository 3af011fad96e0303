"""Deploys two services with boto3 alone, as anybody's script would, and prints what AWS's APIs then say of them.

Reads a CloudEvent on stdin. It is sent as it is, and once more under another name, behind a load balancer. Endpoint,
region and credentials come from the environment, as do the install's name and what its queue calls us; nothing here knows
that the endpoint is not AWS.
"""

import copy
import hashlib
import json
import os
import socket
import sys
import time
import urllib.request

import boto3
from boto3.dynamodb.conditions import Key

CLUSTER = "longshore"
INSTALL = os.environ["INSTALL"]
DEADLINE_SECONDS = 60

sqs = boto3.client("sqs")
ecs = boto3.client("ecs")
elbv2 = boto3.client("elbv2")
table = boto3.resource("dynamodb").Table(INSTALL)


def main():
    event = json.load(sys.stdin)
    name = event["data"]["metadata"]["name"]
    replicas = event["data"]["spec"]["replicas"]
    send(event)

    target_group, url = create_load_balancer()
    served = copy.deepcopy(event)
    served["id"] = "deploy-behind-a-load-balancer"
    served["data"]["metadata"]["name"] = f"{name}-served"
    served["data"]["spec"]["traffic"] = [{"targetGroup": target_group, "container": "app", "port": "http"}]
    send(served)

    both = (event, served)
    for each in both:
        eventually(f"{key_of(each)} is available", lambda: is_available(each))
    eventually("the tasks are running", lambda: len(running_tasks()) == 2 * replicas)
    eventually("the targets are healthy", lambda: healths(target_group) == ["healthy"] * replicas)
    report = {
        "results": {key_of(each): result_of(each) for each in both},
        "records": {key_of(each): records_of(each) for each in both},
        "tasks": running_tasks(),
        "nodes": nodes(),
        "targets": targets(target_group),
        "answer": urllib.request.urlopen(url, timeout=10).read().decode(),
    }
    json.dump(report, sys.stdout, default=str)


def send(event):
    url = sqs.get_queue_url(QueueName=f"{INSTALL}-commands.fifo")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageGroupId=key_of(event), MessageBody=json.dumps(event))


def create_load_balancer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    balancer = elbv2.create_load_balancer(Name="hello", Subnets=["subnet-a", "subnet-b"])["LoadBalancers"][0]
    group = elbv2.create_target_group(
        Name="hello",
        Protocol="HTTP",
        Port=8080,
        TargetType="ip",
        VpcId="vpc-local",
        HealthCheckIntervalSeconds=5,
        HealthCheckTimeoutSeconds=2,
    )["TargetGroups"][0]
    elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=port,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}],
    )
    return group["TargetGroupArn"], f"http://127.0.0.1:{port}/"


def key_of(event):
    metadata = event["data"]["metadata"]
    return f"{metadata['namespace']}/{metadata['name']}"


def records_of(event):
    return table.query(KeyConditionExpression=Key("partition").eq(f"service#{key_of(event)}"))["Items"]


def result_of(event):
    """The command's record, whose key is the hash of sender, source and id, each behind its length."""
    parts = (os.environ["SENDER"], event["source"], event["id"])
    digest = hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()
    found = table.query(KeyConditionExpression=Key("partition").eq(f"command#{digest}"))["Items"]
    return found[0] if found else None


def is_available(event):
    conditions = [each for item in records_of(event) if item["sort"] == "state" for each in item["conditions"]]
    return any(each["type"] == "Available" and each["status"] == "True" for each in conditions)


def running_tasks():
    arns = ecs.list_tasks(cluster=CLUSTER)["taskArns"]
    tasks = ecs.describe_tasks(cluster=CLUSTER, tasks=arns)["tasks"] if arns else []
    return [task for task in tasks if task["lastStatus"] == "RUNNING"]


def nodes():
    arns = ecs.list_container_instances(cluster=CLUSTER)["containerInstanceArns"]
    return ecs.describe_container_instances(cluster=CLUSTER, containerInstances=arns)["containerInstances"]


def targets(target_group):
    return elbv2.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]


def healths(target_group):
    return [each["TargetHealth"]["State"] for each in targets(target_group)]


def eventually(what, holds):
    end = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        if time.monotonic() > end:
            sys.exit(f"not within {DEADLINE_SECONDS} s: {what}")
        time.sleep(0.1)


main()
