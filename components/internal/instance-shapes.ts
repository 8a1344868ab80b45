/**
 * EC2 types that a node pool of this platform is likely to use, one a line: type, vCPUs, memory in GiB as advertised, network
 * interfaces of the default network card, IPv4 addresses of each, on-demand USD an hour (us-east-1, Linux, list prices of
 * 2026-07-20), GPUs as count and model. Interfaces and addresses are those of the EKS AMI of 2026-07-23.
 */
export const SHAPES = `
m5.large 2 8 3 10 0.096
m5.xlarge 4 16 4 15 0.192
m5.2xlarge 8 32 4 15 0.384
m5.4xlarge 16 64 8 30 0.768
m5.8xlarge 32 128 8 30 1.536
m5.12xlarge 48 192 8 30 2.304
m5.16xlarge 64 256 15 50 3.072
m5.24xlarge 96 384 15 50 4.608
m6i.large 2 8 3 10 0.096
m6i.xlarge 4 16 4 15 0.192
m6i.2xlarge 8 32 4 15 0.384
m6i.4xlarge 16 64 8 30 0.768
m6i.8xlarge 32 128 8 30 1.536
m6i.12xlarge 48 192 8 30 2.304
m6i.16xlarge 64 256 15 50 3.072
m6i.24xlarge 96 384 15 50 4.608
m7i.large 2 8 3 10 0.1008
m7i.xlarge 4 16 4 15 0.2016
m7i.2xlarge 8 32 4 15 0.4032
m7i.4xlarge 16 64 8 30 0.8064
m7i.8xlarge 32 128 8 30 1.6128
m7i.12xlarge 48 192 8 30 2.4192
m7i.16xlarge 64 256 15 50 3.2256
m7i.24xlarge 96 384 15 50 4.8384
c6i.large 2 4 3 10 0.085
c6i.xlarge 4 8 4 15 0.17
c6i.2xlarge 8 16 4 15 0.34
c6i.4xlarge 16 32 8 30 0.68
c6i.8xlarge 32 64 8 30 1.36
c6i.12xlarge 48 96 8 30 2.04
c6i.16xlarge 64 128 15 50 2.72
c6i.24xlarge 96 192 15 50 4.08
c7i.large 2 4 3 10 0.08925
c7i.xlarge 4 8 4 15 0.1785
c7i.2xlarge 8 16 4 15 0.357
c7i.4xlarge 16 32 8 30 0.714
c7i.8xlarge 32 64 8 30 1.428
c7i.12xlarge 48 96 8 30 2.142
c7i.16xlarge 64 128 15 50 2.856
c7i.24xlarge 96 192 15 50 4.284
r6i.large 2 16 3 10 0.126
r6i.xlarge 4 32 4 15 0.252
r6i.2xlarge 8 64 4 15 0.504
r6i.4xlarge 16 128 8 30 1.008
r6i.8xlarge 32 256 8 30 2.016
r6i.12xlarge 48 384 8 30 3.024
r6i.16xlarge 64 512 15 50 4.032
r6i.24xlarge 96 768 15 50 6.048
r7i.large 2 16 3 10 0.1323
r7i.xlarge 4 32 4 15 0.2646
r7i.2xlarge 8 64 4 15 0.5292
r7i.4xlarge 16 128 8 30 1.0584
r7i.8xlarge 32 256 8 30 2.1168
r7i.12xlarge 48 384 8 30 3.1752
r7i.16xlarge 64 512 15 50 4.2336
r7i.24xlarge 96 768 15 50 6.3504
c5.large 2 4 3 10 0.085
c5.xlarge 4 8 4 15 0.17
c5.2xlarge 8 16 4 15 0.34
c5.4xlarge 16 32 8 30 0.68
c5.12xlarge 48 96 8 30 2.04
c5.24xlarge 96 192 15 50 4.08
m7g.medium 1 4 2 4 0.0408
m7g.large 2 8 3 10 0.0816
m7g.xlarge 4 16 4 15 0.1632
m7g.2xlarge 8 32 4 15 0.3264
m7g.4xlarge 16 64 8 30 0.6528
m7g.8xlarge 32 128 8 30 1.3056
m7g.12xlarge 48 192 8 30 1.9584
m7g.16xlarge 64 256 15 50 2.6112
c7g.medium 1 2 2 4 0.0363
c7g.large 2 4 3 10 0.0725
c7g.xlarge 4 8 4 15 0.145
c7g.2xlarge 8 16 4 15 0.29
c7g.4xlarge 16 32 8 30 0.58
c7g.8xlarge 32 64 8 30 1.16
c7g.12xlarge 48 96 8 30 1.74
c7g.16xlarge 64 128 15 50 2.32
r7g.medium 1 8 2 4 0.0536
r7g.large 2 16 3 10 0.1071
r7g.xlarge 4 32 4 15 0.2142
r7g.2xlarge 8 64 4 15 0.4284
r7g.4xlarge 16 128 8 30 0.8568
r7g.8xlarge 32 256 8 30 1.7136
r7g.12xlarge 48 384 8 30 2.5704
r7g.16xlarge 64 512 15 50 3.4272
t3.medium 2 4 3 6 0.0416
t3.large 2 8 3 12 0.0832
t3.xlarge 4 16 4 15 0.1664
t3.2xlarge 8 32 4 15 0.3328
t4g.medium 2 4 3 6 0.0336
t4g.large 2 8 3 12 0.0672
t4g.xlarge 4 16 4 15 0.1344
t4g.2xlarge 8 32 4 15 0.2688
g4dn.xlarge 4 16 3 10 0.526 1xT4
g4dn.2xlarge 8 32 3 10 0.752 1xT4
g4dn.4xlarge 16 64 3 10 1.204 1xT4
g4dn.8xlarge 32 128 4 15 2.176 1xT4
g4dn.12xlarge 48 192 8 30 3.912 4xT4
g4dn.16xlarge 64 256 4 15 4.352 1xT4
g5.xlarge 4 16 4 15 1.006 1xA10G
g5.2xlarge 8 32 4 15 1.212 1xA10G
g5.4xlarge 16 64 8 30 1.624 1xA10G
g5.8xlarge 32 128 8 30 2.448 1xA10G
g5.12xlarge 48 192 15 50 5.672 4xA10G
g5.16xlarge 64 256 8 30 4.096 1xA10G
g5.24xlarge 96 384 15 50 8.144 4xA10G
g5.48xlarge 192 768 7 50 16.288 8xA10G
g6.xlarge 4 16 4 15 0.8048 1xL4
g6.2xlarge 8 32 4 15 0.9776 1xL4
g6.4xlarge 16 64 8 30 1.3232 1xL4
g6.8xlarge 32 128 8 30 2.0144 1xL4
g6.12xlarge 48 192 8 30 4.6016 4xL4
g6.16xlarge 64 256 15 50 3.3968 1xL4
g6.24xlarge 96 384 15 50 6.6752 4xL4
g6.48xlarge 192 768 15 50 13.3504 8xL4
g6e.xlarge 4 32 4 15 1.861 1xL40S
g6e.2xlarge 8 64 4 15 2.24208 1xL40S
g6e.4xlarge 16 128 8 30 3.00424 1xL40S
g6e.8xlarge 32 256 8 30 4.52856 1xL40S
g6e.12xlarge 48 384 10 30 10.49264 4xL40S
g6e.16xlarge 64 512 15 50 7.57719 1xL40S
g6e.24xlarge 96 768 10 50 15.06559 4xL40S
g6e.48xlarge 192 1536 10 50 30.13118 8xL40S
p4d.24xlarge 96 1152 15 50 21.957642 8xA100
p4de.24xlarge 96 1152 15 50 27.44705 8xA100-80GB
p5.4xlarge 16 256 4 30 6.88 1xH100
p5.48xlarge 192 2048 2 50 55.04 8xH100
p5en.48xlarge 192 2048 4 50 63.296 8xH200
p6-b200.48xlarge 192 2048 4 50 113.9328 8xB200
`;

/** Memory of one GPU in MiB, by model as written above. */
export const GPU_MEMORY_MIB: Readonly<Record<string, number>> = {
  T4: 16384,
  A10G: 22888,
  L4: 22888,
  L40S: 45776,
  A100: 40960,
  "A100-80GB": 81920,
  H100: 81920,
  H200: 144384,
  B200: 183359,
};

/**
 * What a GPU's instructions can do, NVIDIA's compute capability times ten (8.9 is 89), by model as written above; V100 is of the
 * retired p3, and here to be refused with a reason.
 */
export const GPU_COMPUTE_CAPABILITY: Readonly<Record<string, number>> = {
  V100: 70,
  T4: 75,
  A100: 80,
  "A100-80GB": 80,
  A10G: 86,
  L4: 89,
  L40S: 89,
  H100: 90,
  H200: 90,
  B200: 100,
};
