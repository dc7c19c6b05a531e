using MidnightOS.Azure.Prover;
using MidnightOS.Azure.Start;

return await WorkerProgram.RunAsync("the prover", args, ProverApp.Build, Console.Error);
